'use client';

import { useChosen } from '@/components/chosen/use-chosen';
import type { RollBackPlan } from '@/lib/deployments/model/roll-back';
import type { RollBackInput, Triggered } from '@/lib/deployments/model/schemas';
import type { Action } from '@/lib/kernel/result';
import { queryKeys } from '@/lib/realtime/protocol';

/** Everything the roll-back page holds: the candidate, the reason, what the gates want, and the press. */
export function useRollBack(initial: RollBackPlan, rollBack: Action<RollBackInput, Triggered>) {
  const { id } = initial.target;
  return useChosen(initial, {
    field: 'toDeploymentId',
    path: `/api/v1/targets/${encodeURIComponent(id)}/roll-back`,
    queryKey: queryKeys.rollBack(id),
    action: rollBack,
    choose: 'Choose where to go back to.',
  });
}
