'use client';

import { History } from 'lucide-react';
import { TargetHeader } from '@/components/deployments/target-header';
import { FreshnessNotice } from '@/components/live/freshness';
import { ButtonLink } from '@/components/ui/button-link';
import { EmptyState } from '@/components/ui/empty-state';
import { later } from '@/components/ui/later';
import { Panel } from '@/components/ui/panel';
import { Skeleton } from '@/components/ui/skeleton';
import type { RollBackPlan } from '@/lib/deployments/model/roll-back';
import type { RollBackInput, Triggered } from '@/lib/deployments/model/schemas';
import type { Action } from '@/lib/kernel/result';
import { AheadNotice } from './ahead-notice';
import { CandidateList } from './candidate-list';
import { RollBackBar } from './roll-back-bar';
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

const RollBackAside = later(
  () => import('./roll-back-aside').then((file) => file.RollBackAside),
  <Skeleton className="h-96 rounded-lg" />,
);
const SiblingList = later(
  () => import('./sibling-list').then((file) => file.SiblingList),
  <Skeleton className="h-11 rounded-lg" />,
);

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

  return (
    <form
      onSubmit={(event) => void state.submit(event)}
      noValidate
      className="grid gap-4 [&_:is(input,button,a)]:scroll-mb-44"
    >
      <TargetHeader target={plan.target} page="Roll back" current={plan.current} />
      <FreshnessNotice error={live.error} updatedAt={live.dataUpdatedAt} />
      {plan.onItsWay ? <AheadNotice ahead={plan.onItsWay} /> : null}
      {plan.candidates.length === 0 ? (
        <Nowhere plan={plan} />
      ) : (
        <div className="grid items-start gap-4 *:min-w-0 lg:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]">
          <Panel title="Go back to" description="What was live and verified." body="flush">
            {plan.currentOffered ? (
              <p className="border-b border-line px-4 py-2.5 text-sm">{plan.currentOffered}</p>
            ) : null}
            <CandidateList candidates={plan.candidates} chosenId={state.chosenId} onChoose={state.choose} />
          </Panel>
          <RollBackAside state={state} overrideRefusal={overrideRefusal} />
        </div>
      )}
      <SiblingList plan={plan} />
      {plan.candidates.length > 0 ? <RollBackBar state={state} /> : null}
    </form>
  );
}
