'use client';

import { overridableOf } from '@/components/gates/blocked';
import { GateSummary, gatesInWords, withoutChecklist } from '@/components/gates/gate-list';
import { ChecklistFields, OverrideField } from '@/components/gates/request-fields';
import { Panel } from '@/components/ui/panel';
import { Loading, SkeletonText } from '@/components/ui/skeleton';
import { EffectsPanel } from './effects-panel';
import type { useRollBack } from './use-roll-back';

type State = ReturnType<typeof useRollBack>;

function Gates({ state, overrideRefusal }: { state: State; overrideRefusal: string | null }) {
  const { chosen, override, setOverride, fields, ticked, setTicked } = state;
  if (!chosen || chosen.gates.length + chosen.policy.checklist.length === 0) return null;
  const shown = withoutChecklist(chosen.gates);
  return (
    <Panel title="Gates" description={gatesInWords(shown)}>
      <div className="grid gap-3">
        <GateSummary gates={shown} />
        {chosen.policy.checklist.length > 0 ? (
          <ChecklistFields items={chosen.policy.checklist} ticked={ticked} onChange={setTicked} />
        ) : null}
        {overridableOf(chosen.gates) ? (
          <OverrideField
            value={override}
            onChange={setOverride}
            refusal={overrideRefusal}
            error={fields['freezeOverrideReason']}
          />
        ) : null}
      </div>
    </Panel>
  );
}

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
      <Gates state={state} overrideRefusal={overrideRefusal} />
    </div>
  );
}
