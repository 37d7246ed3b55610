import { overridableOf } from '@/components/gates/blocked';
import { GateSummary, gatesInWords, withoutChecklist } from '@/components/gates/gate-list';
import { ChecklistFields, OverrideField } from '@/components/gates/request-fields';
import { Panel } from '@/components/ui/panel';
import type { ComposerStart } from '@/lib/deployments/model/view';
import type { useComposer } from './use-composer';

interface GatesPanelProps {
  start: ComposerStart;
  composer: Pick<
    ReturnType<typeof useComposer>,
    'plan' | 'ticked' | 'setTicked' | 'override' | 'setOverride' | 'problems'
  >;
  /** Why the person may not let it through a freeze; null when they may. */
  overrideRefusal: string | null;
}

/** Everything that can keep it from going live, what it wants ticked, and the way through a freeze. */
export function GatesPanel({ start, composer, overrideRefusal }: GatesPanelProps) {
  const { gates: all, policy } = composer.plan ?? start;
  const gates = withoutChecklist(all);
  if (gates.length + policy.checklist.length === 0) return null;
  return (
    <Panel title="Gates" description={gates.length > 0 ? gatesInWords(gates) : undefined}>
      <div className="grid gap-3">
        {gates.length > 0 ? <GateSummary gates={gates} /> : null}
        {policy.checklist.length > 0 ? (
          <ChecklistFields items={policy.checklist} ticked={composer.ticked} onChange={composer.setTicked} />
        ) : null}
        {overridableOf(gates) ? (
          <OverrideField
            value={composer.override}
            onChange={composer.setOverride}
            refusal={overrideRefusal}
            error={composer.problems['freezeOverrideReason']}
          />
        ) : null}
      </div>
    </Panel>
  );
}
