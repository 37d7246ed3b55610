'use client';

import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import { fetchJson } from '@/components/live/problem';
import type { LogView } from '@/lib/deployments/model/log-view';
import type { JobView } from '@/lib/deployments/model/view';
import { queryKeys } from '@/lib/realtime/protocol';
import { LogParser } from './ansi';
import type { LogLine } from './line';

/** Pieces asked for in one go; the next refetch reads on. */
const MAX_READS = 40;
const POLL_MS = 2_000;
/** An archive follows the end of its job within seconds; a log that is not there by then is gone. */
const ARCHIVE_LAG_MS = 90_000;

export interface LogState {
  /** As received, for the download. */
  raw: readonly string[];
  lines: readonly LogLine[];
  cursor: string | null;
  notice: string | null;
  /** Nothing more will come. */
  complete: boolean;
  parsed: Parsed;
}

interface Parsed {
  parser: LogParser;
  /** How many pieces of `raw` the parser has seen. */
  used: number;
}

function parse(known: Parsed | undefined, seen: number, raw: readonly string[]): Parsed {
  // A read that was thrown away after parsing leaves the parser ahead of the cache; then it starts over.
  const parsed = known && known.used === seen ? known : { parser: new LogParser(), used: 0 };
  for (const text of raw.slice(parsed.used)) parsed.parser.push(text);
  parsed.used = raw.length;
  return parsed;
}

async function readOn(before: LogState | undefined, path: string, signal: AbortSignal): Promise<LogState> {
  if (before?.complete) return before;
  const raw = [...(before?.raw ?? [])];
  let cursor = before?.cursor ?? null;
  let notice: string | null = null;
  for (let read = 0; read < MAX_READS; read++) {
    const view = await fetchJson<LogView>(cursor ? `${path}?cursor=${encodeURIComponent(cursor)}` : path, signal);
    if (view.text !== '') raw.push(view.text);
    cursor = view.cursor;
    notice = view.notice;
    if (cursor === null || view.text === '') break;
  }
  const parsed = parse(before?.parsed, before?.raw.length ?? 0, raw);
  const tail = parsed.parser.tail();
  const lines = tail ? [...parsed.parser.lines, tail] : [...parsed.parser.lines];
  return { raw, lines, cursor, notice, complete: cursor === null && raw.length > 0, parsed };
}

/** Whether to ask again without being told to: while lines may come, and shortly after the end. */
function mayGrow(job: JobView, mode: LogSource['mode']): boolean {
  if (job.status === 'queued') return false;
  if (job.status === 'running') return mode !== 'archive';
  return job.endedAt !== null && Date.now() - new Date(job.endedAt).getTime() < ARCHIVE_LAG_MS;
}

interface LogSource {
  deploymentId: string;
  job: JobView | null;
  mode: 'stream' | 'poll' | 'archive' | null;
}

/** The log of one job, read on from where the last read stopped; a live event of the deployment asks again. */
export function useLog({ deploymentId, job, mode }: LogSource) {
  const client: QueryClient = useQueryClient();
  const jobId = job?.jobId ?? '';
  const queryKey = [...queryKeys.deployment(deploymentId), 'log', jobId];
  const path = `/api/v1/deployments/${deploymentId}/logs/${encodeURIComponent(jobId)}`;
  return useQuery<LogState>({
    queryKey,
    queryFn: ({ signal }) => readOn(client.getQueryData<LogState>(queryKey), path, signal),
    enabled: job !== null && mode !== null,
    structuralSharing: false,
    gcTime: 120_000,
    refetchInterval: (query) => {
      if (!job || query.state.data?.complete || query.state.status === 'error') return false;
      return mayGrow(job, mode) ? POLL_MS : false;
    },
  });
}
