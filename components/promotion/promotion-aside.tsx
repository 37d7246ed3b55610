'use client';

import { ChosenGates } from '@/components/chosen/chosen-gates';
import { SideEffects } from '@/components/chosen/side-effects';
import { Badge } from '@/components/ui/badge';
import { ButtonLink } from '@/components/ui/button-link';
import { Panel } from '@/components/ui/panel';
import { Loading, SkeletonText } from '@/components/ui/skeleton';
import type { PromotionPlan } from '@/lib/deployments/model/promotion';
import type { usePromotion } from './use-promotion';

type State = ReturnType<typeof usePromotion>;
type Chosen = NonNullable<PromotionPlan['chosen']>;

/** The way out of a build that may not go there: its commit, built for this target. */
export function rebuildHref(targetId: string, { revision }: Chosen['deployment']): string {
  return `/deploy/${targetId}?ref=${encodeURIComponent(revision.ref)}&sha=${revision.sha}`;
}

const needsRebuild = ({ how, gates }: Chosen) =>
  how === 'rebuild' || gates.some(({ kind, state }) => kind === 'baked' && state === 'closed');

function Effects({ plan, chosen }: { plan: PromotionPlan; chosen: Chosen }) {
  return (
    <Panel title="What happens" description={`Promoting the build of #${chosen.deployment.number}`}>
      <div className="grid gap-3 text-sm">
        <p>
          <Badge variant="solid">{chosen.how === 'build' ? 'Same build' : 'Needs a build'}</Badge>{' '}
          <span className="text-ink-soft">{chosen.says}</span>
        </p>
        {needsRebuild(chosen) ? (
          <p>
            <ButtonLink href={rebuildHref(plan.target.id, chosen.deployment)} size="sm">
              Build {chosen.deployment.revision.sha.slice(0, 7)} for {plan.target.environment.name}
            </ButtonLink>
          </p>
        ) : null}
        <SideEffects sentences={chosen.sideEffects} />
      </div>
    </Panel>
  );
}

/** What the promotion brings about, and what has to be said for the gates. */
export function PromotionAside({ state, overrideRefusal }: { state: State; overrideRefusal: string | null }) {
  return (
    <div className="grid min-w-0 gap-4">
      {state.chosen ? (
        <Effects plan={state.plan} chosen={state.chosen} />
      ) : (
        <Panel title="What happens">
          <Loading label="Reading what would happen">
            <SkeletonText lines={4} />
          </Loading>
        </Panel>
      )}
      <ChosenGates state={state} overrideRefusal={overrideRefusal} />
    </div>
  );
}
