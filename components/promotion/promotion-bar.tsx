'use client';

import { Rocket } from 'lucide-react';
import { ChosenBar } from '@/components/chosen/chosen-bar';
import type { usePromotion } from './use-promotion';

export function PromotionBar({ state }: { state: ReturnType<typeof usePromotion> }) {
  const asks = (state.chosen?.policy.approvals ?? 0) > 0;
  const { name } = state.plan.target.environment;
  return (
    <ChosenBar
      state={state}
      label="Promote"
      placeholder="Stands with the deployment, for everybody to read"
      needsReason={false}
      variant="primary"
      icon={<Rocket aria-hidden />}
    >
      {asks ? `Ask to promote to ${name}` : `Promote to ${name}`}
    </ChosenBar>
  );
}
