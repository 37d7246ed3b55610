'use client';

import { Rocket } from 'lucide-react';
import { TargetHeader } from '@/components/deployments/target-header';
import { FreshnessNotice } from '@/components/live/freshness';
import { CandidateList } from '@/components/roll-back/candidate-list';
import { ButtonLink } from '@/components/ui/button-link';
import { EmptyState } from '@/components/ui/empty-state';
import { later } from '@/components/ui/later';
import { Notice } from '@/components/ui/notice';
import { Panel } from '@/components/ui/panel';
import { Skeleton } from '@/components/ui/skeleton';
import type { PromotionPlan } from '@/lib/deployments/model/promotion';
import type { PromoteInput, Triggered } from '@/lib/deployments/model/schemas';
import type { Action } from '@/lib/kernel/result';
import { PromotionBar } from './promotion-bar';
import { usePromotion } from './use-promotion';

const PromotionAside = later(
  () => import('./promotion-aside').then((file) => file.PromotionAside),
  <Skeleton className="h-96 rounded-lg" />,
);

function Nothing({ plan }: { plan: PromotionPlan }) {
  return (
    <Panel>
      <EmptyState
        icon={<Rocket aria-hidden />}
        title="There is no build to promote"
        action={
          <ButtonLink href={`/deploy/${plan.target.id}`} size="sm">
            Deploy a commit
          </ButtonLink>
        }
      >
        A build that is live in another environment, through the same connection to {plan.provider}, appears here.
      </EmptyState>
    </Panel>
  );
}

interface PromotionScreenProps {
  initial: PromotionPlan;
  promote: Action<PromoteInput, Triggered>;
  /** Why the person may not let it through a freeze; null when they may. */
  overrideRefusal: string | null;
}

/** Which build to serve here, what it brings along, and the one button. */
export function PromotionScreen({ initial, promote, overrideRefusal }: PromotionScreenProps) {
  const state = usePromotion(initial, promote);
  const { plan, live } = state;
  const any = plan.candidates.length > 0 || state.chosenId !== null;

  return (
    <form
      onSubmit={(event) => void state.submit(event)}
      noValidate
      className="grid gap-4 [&_:is(input,button,a)]:scroll-mb-44"
    >
      <TargetHeader target={plan.target} page="Promote" current={plan.current} />
      <FreshnessNotice error={live.error} updatedAt={live.dataUpdatedAt} />
      {plan.unasked ? (
        <Notice tone="warn" title={`${plan.provider} was not asked what it serves now`}>
          {plan.unasked} The builds below are by what went live from here.
        </Notice>
      ) : null}
      {plan.held ? (
        <Notice tone="warn" title={`New builds do not go live by themselves: ${plan.held}.`}>
          A promotion serves the build that you choose, whatever is kept back.
        </Notice>
      ) : null}
      {any ? (
        <div className="grid items-start gap-4 *:min-w-0 lg:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]">
          <Panel
            title="Which build"
            description="What is live elsewhere, and newer builds of this target."
            body="flush"
          >
            <CandidateList
              legend="Promote"
              shows="environment"
              candidates={plan.candidates}
              chosenId={state.chosenId}
              onChoose={state.choose}
            />
          </Panel>
          <PromotionAside state={state} overrideRefusal={overrideRefusal} />
        </div>
      ) : (
        <Nothing plan={plan} />
      )}
      {any ? <PromotionBar state={state} /> : null}
    </form>
  );
}
