import { z } from 'zod';
import { CUT_HEADER } from '@/lib/http/guarded-fetch';
import { type LogChunk, type ProviderContext, ProviderError } from '../port';
import { read } from './client';
import { jobSchema } from './schema';
import type { Place } from './target';

const CHUNK_BYTES = 1_048_576;
/** GitHub stores a log some seconds after the job's end. */
const SETTLE_MS = 5 * 60_000;
const LINE_FEED = 10;

/**
 * The log of a job from a byte offset on, at most 1 MB. GitHub offers it only after the job has ended; until then
 * the text is empty and the cursor stays. The address of the archive lives one minute and is never kept.
 * Source: https://docs.github.com/en/rest/actions/workflow-jobs#download-job-logs-for-a-workflow-run
 */
export async function readLog(
  c: ProviderContext,
  place: Place,
  jobId: string,
  cursor: string | null,
): Promise<LogChunk> {
  const offset = offsetOf(cursor);
  const job = { owner: place.owner, repo: place.repo, job_id: jobId };
  try {
    const answer = await read(
      c,
      {
        route: 'GET /repos/{owner}/{repo}/actions/jobs/{job_id}/logs',
        params: job,
        ...(offset > 0 ? { headers: { range: `bytes=${offset}-` } } : {}),
        about: { what: 'job', subject: jobId },
      },
      z.union([z.string(), z.instanceof(ArrayBuffer)]),
    );
    const all = typeof answer.data === 'string' ? new TextEncoder().encode(answer.data) : new Uint8Array(answer.data);
    const rest = answer.status === 206 ? all : all.subarray(offset);
    return chunk(rest, offset, CUT_HEADER in answer.headers);
  } catch (error) {
    if (error instanceof ProviderError && error.code === 'http_416') return { text: '', cursor: null };
    if (error instanceof ProviderError && error.kind === 'notFound') return whyNoLog(c, place, jobId, offset, error);
    throw error;
  }
}

function offsetOf(cursor: string | null): number {
  if (cursor === null) return 0;
  if (!/^\d{1,12}$/.test(cursor))
    throw new ProviderError('rejected', 'bad_cursor', 'This place in the log is not known. Load the log again.');
  return Number(cursor);
}

/** Ends at the end of a line where there is one, so that no character and no escape is torn apart. */
function chunk(rest: Uint8Array, offset: number, cut: boolean): LogChunk {
  const last = rest.byteLength <= CHUNK_BYTES;
  const end = last ? rest.byteLength : rest.subarray(0, CHUNK_BYTES).lastIndexOf(LINE_FEED) + 1 || CHUNK_BYTES;
  const text = new TextDecoder().decode(rest.subarray(0, end));
  if (!last) return { text, cursor: String(offset + end) };
  return cut
    ? {
        text: `${text}\n… The log is longer than this page reads. Open the run at GitHub for the rest.\n`,
        cursor: null,
      }
    : { text, cursor: null };
}

/** Not there yet, or there no more? The job itself knows. */
async function whyNoLog(
  c: ProviderContext,
  place: Place,
  jobId: string,
  offset: number,
  error: ProviderError,
): Promise<LogChunk> {
  const answer = await read(
    c,
    {
      route: 'GET /repos/{owner}/{repo}/actions/jobs/{job_id}',
      params: { owner: place.owner, repo: place.repo, job_id: jobId },
      about: { what: 'job', subject: jobId },
    },
    jobSchema,
  );
  const { status, conclusion, completed_at } = answer.data;
  if (status !== 'completed' || (error.code !== 'gone' && c.now() - Date.parse(completed_at ?? '') < SETTLE_MS)) {
    return { text: '', cursor: String(offset) };
  }
  if (conclusion === 'skipped') return { text: '', cursor: null };
  throw new ProviderError(
    'notFound',
    'log_expired',
    'GitHub no longer keeps the log of this job (90 days by default, or deleted by hand).',
  );
}
