'use client';

import { queryOptions, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { planPath } from '@/components/composer/revision';
import { type Brought, blockedByGates, saidFor } from '@/components/gates/blocked';
import { opensInMs } from '@/components/gates/opens-in';
import { fetchJson } from '@/components/live/problem';
import type { ComposerPlan } from '@/lib/deployments/model/view';
import { queryKeys } from '@/lib/realtime/protocol';
import type { PreflightView } from '@/lib/rendering/model/preflight-view';
import type { SwitchInput } from '@/lib/rendering/model/schemas';

const AGAIN_MS = 10_000;

export const gatesKey = (targetId: string, revision: PreflightView['revision']) =>
  [...queryKeys.switching(targetId), revision?.ref, revision?.sha] as const;

/** Never fresh: *Look* comes back to the same commit, and then they are read once more. */
export const gatesQuery = (targetId: string, revision: PreflightView['revision']) =>
  queryOptions<ComposerPlan>({
    queryKey: gatesKey(targetId, revision),
    queryFn: ({ signal }) => fetchJson<ComposerPlan>(revision ? planPath(targetId, revision) : '', signal),
    enabled: revision !== null,
    refetchInterval: ({ state }) => againMs(state.data) ?? false,
    staleTime: 0,
    refetchOnMount: 'always',
    refetchOnWindowFocus: false,
  });

/** The gates of the commit that would be built, asked as the composer asks them, and what the person says for them. */
export function useSwitchGates(targetId: string, found: PreflightView | null) {
  // What cannot be built goes through no gate.
  const revision = found?.blockers.length === 0 ? found.revision : null;
  const live = useQuery(gatesQuery(targetId, revision));
  const [ticked, setTicked] = useState<string[]>([]);
  const [override, setOverride] = useState('');
  const chosen = revision ? (live.data ?? null) : null;
  return { chosen, error: chosen ? null : live.error, ticked, setTicked, override, setOverride };
}

function againMs(plan: ComposerPlan | undefined): number | null {
  if (!plan) return AGAIN_MS;
  const opens = opensInMs(plan.gates, Date.now());
  const again = plan.askAgainSeconds === null ? null : plan.askAgainSeconds * 1000;
  return opens === null || again === null ? (opens ?? again) : Math.min(opens, again);
}

/** Why the button cannot be pressed with what is brought; null when it can. */
export function blockedSwitch(plan: ComposerPlan | null, brought: Brought): string | null {
  if (!plan) return 'Its gates are still being asked.';
  return blockedByGates(plan.gate, plan.gates, plan.policy.checklist, brought);
}

/** What the press sends. `ref` null: what is live, built anew. */
export function draftOf(
  found: PreflightView,
  ref: string | null,
  { policy }: Pick<ComposerPlan, 'policy'>,
  brought: Brought,
): Omit<SwitchInput, 'idempotencyKey'> {
  return {
    targetId: found.target.id,
    mode: found.mode,
    preflight: found.digest,
    revision: ref === null ? null : found.revision,
    ...saidFor(policy.checklist, brought),
  };
}
