import { overridableOf } from '@/components/gates/blocked';
import { GateSummary, gatesInWords, withoutChecklist } from '@/components/gates/gate-list';
import { ChecklistFields, OverrideField } from '@/components/gates/request-fields';
import { Panel } from '@/components/ui/panel';
import type { ChosenState } from './use-chosen';

interface ChosenGatesProps {
  state: Pick<ChosenState, 'override' | 'setOverride' | 'fields' | 'ticked' | 'setTicked'> & {
    chosen: Pick<NonNullable<ChosenState['chosen']>, 'gates' | 'policy'> | null;
  };
  /** Why the person may not let it through a freeze; null when they may. */
  overrideRefusal: string | null;
}

/** The gates of what is chosen, and what a person can say for them. Nothing where there are none. */
export function ChosenGates({ state, overrideRefusal }: ChosenGatesProps) {
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
