'use client';

import { ChosenGates } from '@/components/chosen/chosen-gates';
import { Panel } from '@/components/ui/panel';
import { Loading, SkeletonText } from '@/components/ui/skeleton';
import { EffectsPanel } from './effects-panel';
import type { useRollBack } from './use-roll-back';

type State = ReturnType<typeof useRollBack>;

function Effects({ state }: { state: State }) {
  if (state.chosen) return <EffectsPanel plan={state.plan} chosen={state.chosen} />;
  return (
    <Panel title="What happens">
      <Loading label="Reading what would happen">
        <SkeletonText lines={6} />
      </Loading>
    </Panel>
  );
}

/** What going back brings about, and what has to be said for the gates. */
export function RollBackAside({ state, overrideRefusal }: { state: State; overrideRefusal: string | null }) {
  return (
    <div className="grid min-w-0 gap-4">
      <Effects state={state} />
      <ChosenGates state={state} overrideRefusal={overrideRefusal} />
    </div>
  );
}
