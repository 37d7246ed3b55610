'use client';

import { useQuery } from '@tanstack/react-query';
import { GitCommitHorizontal } from 'lucide-react';
import { fetchJson } from '@/components/live/problem';
import { Mono } from '@/components/ui/code';
import { Link } from '@/components/ui/link';
import { Skeleton } from '@/components/ui/skeleton';
import type { ComposerPlan, ComposerStart } from '@/lib/deployments/model/view';
import type { HeldBack } from '@/lib/gates/model/view';
import { withLabel } from '@/lib/targets/model/label';

const FRESH_MS = 300_000;

interface Ahead {
  /** Null where the server said the count. */
  ref: string | null;
  /** Null when the provider could not say. */
  count: number | null;
}

async function readAhead(targetId: string, signal: AbortSignal): Promise<Ahead> {
  const path = `/api/v1/targets/${encodeURIComponent(targetId)}`;
  const { settings } = await fetchJson<ComposerStart>(`${path}/composer`, signal);
  const search = new URLSearchParams({ ref: settings.defaultRef });
  const plan = await fetchJson<ComposerPlan>(`${path}/plan?${search}`, signal);
  return { ref: settings.defaultRef, count: plan.comparison?.totalIncluded ?? null };
}

/** How many commits of the target's own branch are not live because it is held; asked of the provider where nobody knows. */
export function CommitsAhead({ held }: { held: HeldBack }) {
  const { commitsBehind: known } = held;
  return known === null ? <Asked held={held} /> : <Said held={held} ahead={{ ref: null, count: known }} />;
}

function Asked({ held }: { held: HeldBack }) {
  const { data, isPending } = useQuery<Ahead>({
    queryKey: ['ahead', held.targetId],
    queryFn: ({ signal }) => readAhead(held.targetId, signal),
    staleTime: FRESH_MS,
    refetchOnWindowFocus: false,
    retry: false,
  });
  if (isPending) return <Skeleton className="w-64 max-w-full" />;
  return data ? <Said held={held} ahead={data} /> : null;
}

function Said({ held, ahead: { ref, count } }: { held: HeldBack; ahead: Ahead }) {
  if (count === null) return null;
  const where = `${held.component} in ${withLabel(held.environment, held.label)}`;
  const branch = ref === null ? 'its branch' : <Mono>{ref}</Mono>;
  if (count === 0)
    return (
      <span className="text-ink-faint">
        {where} has everything of {branch}.
      </span>
    );
  return (
    <span className="flex min-w-0 items-start gap-1.5">
      <GitCommitHorizontal aria-hidden className="mt-0.5 size-3.5 shrink-0 text-ink-faint" />
      <span className="min-w-0 wrap-anywhere">
        {where}:{' '}
        <Link href={`/deploy/${held.targetId}`} className="font-medium hover:underline">
          {count.toLocaleString('en')} {count === 1 ? 'commit' : 'commits'} of {ref ?? 'its branch'}
        </Link>{' '}
        {count === 1 ? 'is' : 'are'} not live
      </span>
    </span>
  );
}
