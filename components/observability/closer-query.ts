import { queryOptions } from '@tanstack/react-query';
import { fetchJson } from '@/components/live/problem';
import { askedSpan, withSpan } from '@/lib/observability/model/closer';
import type { HealthView } from '@/lib/observability/model/health-view';
import type { Span } from '@/lib/observability/model/series';

/** What is over for so long changes no more; until then it is still being counted. */
const KEPT_MS = 300_000;
const EVERY_MS = 60_000;

/** What is kept of one scope: the whole, and each span of it that was looked at closer. `path`: of the whole, at the HTTP API. */
export const healthKey = (path: string) => ['health', path] as const;

/**
 * The read of one span, finer than the whole; null = none is looked at. What nobody waits for any more is called off, and a
 * span that was read already is not asked for again.
 */
export function closerQuery(path: string, span: Span | null, now: () => number = Date.now) {
  const asked = span === null ? null : withSpan(path, askedSpan(span));
  const isNow = () => span !== null && now() - span.to < KEPT_MS;
  return queryOptions({
    queryKey: [...healthKey(path), asked],
    queryFn: ({ signal }) => fetchJson<HealthView>(asked ?? path, signal),
    enabled: asked !== null,
    staleTime: () => (isNow() ? EVERY_MS / 2 : KEPT_MS),
    refetchInterval: () => (isNow() ? EVERY_MS : false),
  });
}
