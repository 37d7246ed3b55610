'use client';

import { History } from 'lucide-react';
import type { FormEvent } from 'react';
import { TargetHeader } from '@/components/deployments/target-header';
import { overridableOf } from '@/components/gates/blocked';
import { GateSummary, gatesInWords, withoutChecklist } from '@/components/gates/gate-list';
import { ChecklistFields, OverrideField } from '@/components/gates/request-fields';
import { FreshnessNotice } from '@/components/live/freshness';
import { ButtonLink } from '@/components/ui/button-link';
import { EmptyState } from '@/components/ui/empty-state';
import { Panel } from '@/components/ui/panel';
import { Loading, SkeletonText } from '@/components/ui/skeleton';
import type { RollBackPlan } from '@/lib/deployments/model/roll-back';
import type { RollBackInput, Triggered } from '@/lib/deployments/model/schemas';
import type { Action } from '@/lib/kernel/result';
import { CandidateList } from './candidate-list';
import { EffectsPanel } from './effects-panel';
import { RollBackBar } from './roll-back-bar';
import { SiblingList } from './sibling-list';
import { useRollBack } from './use-roll-back';

function Nowhere({ plan }: { plan: RollBackPlan }) {
  return (
    <Panel>
      <EmptyState
        icon={<History aria-hidden />}
        title="There is nothing to go back to"
        action={
          <ButtonLink href={`/deploy/${plan.target.id}`} size="sm">
            Deploy another commit
          </ButtonLink>
        }
      >
        No earlier deployment of this target succeeded. You can still deploy an older commit by hand.
      </EmptyState>
    </Panel>
  );
}

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

interface RollBackScreenProps {
  initial: RollBackPlan;
  rollBack: Action<RollBackInput, Triggered>;
  /** Why the person may not let it through a freeze; null when they may. */
  overrideRefusal: string | null;
}

/** Where to go back to, what that brings about, and the one button. */
export function RollBackScreen({ initial, rollBack, overrideRefusal }: RollBackScreenProps) {
  const state = useRollBack(initial, rollBack);
  const { plan, live } = state;

  function send(event: FormEvent) {
    event.preventDefault();
    void state.submit();
  }

  return (
    <form onSubmit={send} noValidate className="grid gap-4 [&_:is(input,button,a)]:scroll-mb-44">
      <TargetHeader
        target={plan.target}
        page="Roll back"
        title={`Roll back ${plan.target.component.name} in ${plan.target.environment.name}`}
        current={plan.current}
      />
      <FreshnessNotice error={live.error} updatedAt={live.dataUpdatedAt} />
      {plan.candidates.length === 0 ? (
        <Nowhere plan={plan} />
      ) : (
        <div className="grid items-start gap-4 *:min-w-0 lg:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]">
          <Panel title="Go back to" description="What was live and verified before, newest first." body="flush">
            <CandidateList candidates={plan.candidates} chosenId={state.chosenId} onChoose={state.choose} />
          </Panel>
          <div className="grid min-w-0 gap-4">
            <Effects state={state} />
            <Gates state={state} overrideRefusal={overrideRefusal} />
          </div>
        </div>
      )}
      <SiblingList plan={plan} />
      {plan.candidates.length > 0 ? <RollBackBar state={state} /> : null}
    </form>
  );
}
