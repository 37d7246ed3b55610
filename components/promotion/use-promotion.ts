'use client';

import { useChosen } from '@/components/chosen/use-chosen';
import type { PromotionPlan } from '@/lib/deployments/model/promotion';
import type { PromoteInput, Triggered } from '@/lib/deployments/model/schemas';
import type { Action } from '@/lib/kernel/result';
import { queryKeys } from '@/lib/realtime/protocol';

/** Everything the promotion page holds: the build, the reason, what the gates want, and the press. */
export function usePromotion(initial: PromotionPlan, promote: Action<PromoteInput, Triggered>) {
  const { id } = initial.target;
  return useChosen(initial, {
    field: 'fromDeploymentId',
    path: `/api/v1/targets/${encodeURIComponent(id)}/promotion`,
    queryKey: queryKeys.promotion(id),
    action: promote,
    choose: 'Choose which build to promote.',
  });
}
