'use client';

import { useQuery } from '@tanstack/react-query';
import { fetchJson } from '@/components/live/problem';
import { queryKeys } from '@/lib/realtime/protocol';
import type { RenderingMode } from '@/lib/rendering/model/mode';
import type { PreflightCounts, PreflightView } from '@/lib/rendering/model/preflight-view';
import type { RenderingRow } from '@/lib/rendering/model/rendering-view';

/** A commit's files do not change; what is set at the host may. */
const FRESH_MS = 120_000;

interface Of {
  targetId: string;
  mode: RenderingMode;
  /** Branch, tag or commit; null = what is live. */
  ref: string | null;
  /** Something else is live now, so it is another question. */
  live: string | null;
}

/** Once for each question: a sheet that is being read does not go blank because somebody came back to its tab. */
export const ASKED_ONCE = {
  staleTime: FRESH_MS,
  retry: false,
  refetchOnWindowFocus: false,
  refetchOnReconnect: false,
} as const;

/** What a switch would do, asked when somebody wants to know. */
export function usePreflight({ targetId, mode, ref, live }: Of) {
  const query = new URLSearchParams({ mode, ...(ref === null ? {} : { ref }) });
  return useQuery<PreflightView>({
    queryKey: [...queryKeys.preflight(targetId), mode, ref, live],
    queryFn: ({ signal }) =>
      fetchJson<PreflightView>(`/api/v1/targets/${encodeURIComponent(targetId)}/rendering?${query}`, signal),
    ...ASKED_ONCE,
  });
}

/** How far each of a component's targets is from the other mode: asked once for all of them, as they are live now. */
export function usePreflightCounts(slug: string, rows: readonly RenderingRow[]) {
  const asLive = rows.map(({ targetId, mode, live }) => [targetId, mode, live?.sha ?? null]);
  return useQuery<PreflightCounts>({
    queryKey: [...queryKeys.preflights(slug), asLive],
    queryFn: ({ signal }) =>
      fetchJson<PreflightCounts>(`/api/v1/components/${encodeURIComponent(slug)}/rendering`, signal),
    staleTime: FRESH_MS,
    retry: false,
  });
}
