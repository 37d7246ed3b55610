'use client';

import { Undo2 } from 'lucide-react';
import { ChosenBar } from '@/components/chosen/chosen-bar';
import type { useRollBack } from './use-roll-back';

export function RollBackBar({ state }: { state: ReturnType<typeof useRollBack> }) {
  const asks = (state.chosen?.policy.approvals ?? 0) > 0;
  return (
    <ChosenBar
      state={state}
      label="Roll back"
      placeholder="Stands with the hold, for everybody to read"
      needsReason
      variant="danger"
      icon={<Undo2 aria-hidden />}
    >
      {asks ? 'Ask to roll back and hold' : 'Roll back and hold'}
    </ChosenBar>
  );
}
