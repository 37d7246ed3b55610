import { TriangleAlert } from 'lucide-react';
import { SideEffects } from '@/components/chosen/side-effects';
import { CommitList } from '@/components/composer/commit-list';
import { Badge } from '@/components/ui/badge';
import { Facts, Panel } from '@/components/ui/panel';
import { formatSpan } from '@/components/ui/time-format';
import type { Leaving, RollBackPlan } from '@/lib/deployments/model/roll-back';
import { HOW } from './how-words';

type Chosen = NonNullable<RollBackPlan['chosen']>;

const commits = (count: number) => `${count.toLocaleString('en')} ${count === 1 ? 'commit' : 'commits'}`;

/** `once`: of what is not live yet. */
function LeavingCommits({ of, environment, once }: { of: Leaving; environment: string; once?: string }) {
  const { leaving, totalLeaving, leavingProblem, url } = of;
  if (leavingProblem) return <p className="text-sm text-warn">{leavingProblem}</p>;
  if (totalLeaving === 0)
    return (
      <p className="text-sm text-ink-soft">
        {once ? `${once}, no commit leaves.` : 'No commit leaves: what is live has nothing that it lacks.'}
      </p>
    );
  return (
    <CommitList
      title={
        <span className="inline-flex items-center gap-1.5">
          <TriangleAlert aria-hidden className="size-3.5 text-warn" />
          {once ? `${once}, ${commits(totalLeaving)}` : commits(totalLeaving)} will be taken away from {environment}
        </span>
      }
      commits={leaving}
      total={totalLeaving}
      first={4}
      aside={
        url ? (
          <a href={url} target="_blank" rel="noreferrer" className="text-xs text-ink-soft hover:underline">
            Open the comparison
          </a>
        ) : null
      }
    />
  );
}

/** Of deployments there; one that builds nothing is faster, and nobody knows beforehand whether it is one. */
function UsualTime({ of: { usual, how }, after }: { of: Chosen; after: number | null }) {
  const takes = usual
    ? `${formatSpan(usual.p50Ms)}, nine in ten within ${formatSpan(usual.p90Ms)}`
    : 'not known before three successes';
  const begins = after === null ? '' : `, once #${after} has ended`;
  if (how === 'repoint-or-redeploy')
    return (
      <>
        seconds from its start{begins}, where the release is kept; otherwise {takes}
      </>
    );
  return usual ? `${takes}${begins}` : <span className="text-ink-faint">{takes}</span>;
}

/** How it goes back, how long that usually takes, what leaves, what it does not undo, and the hold that follows. */
export function EffectsPanel({ plan, chosen }: { plan: RollBackPlan; chosen: Chosen }) {
  const { environment } = plan.target;
  const first = plan.onItsWay?.number ?? null;
  return (
    <Panel title="What happens" description={`Going back to #${chosen.deployment.number}`}>
      <div className="grid gap-4">
        <Facts
          items={[
            {
              name: 'How',
              value: (
                <>
                  <Badge variant="solid">{HOW[chosen.how].word}</Badge>{' '}
                  <span className="text-ink-soft">{chosen.says}</span>
                </>
              ),
            },
            {
              name: 'Usually',
              value: <UsualTime of={chosen} after={first} />,
            },
          ]}
        />
        <LeavingCommits of={chosen} environment={environment.name} />
        {chosen.leavingThen ? (
          <LeavingCommits
            of={chosen.leavingThen}
            environment={environment.name}
            once={`If #${first} is live by then`}
          />
        ) : null}
        <SideEffects sentences={chosen.sideEffects} />
      </div>
    </Panel>
  );
}
