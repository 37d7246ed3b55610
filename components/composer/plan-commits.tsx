'use client';

import { TriangleAlert } from 'lucide-react';
import { Button } from '@/components/ui/button';
import type { ComposerPlan, ComposerStart } from '@/lib/deployments/model/view';
import type { Comparison } from '@/lib/providers/port';
import { CommitLine, CommitList } from './commit-list';

function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}

function Leaving({ comparison, environment }: { comparison: Comparison; environment: string }) {
  return (
    <div className="rounded-md border border-warn/40 bg-warn-wash px-3 py-2">
      <CommitList
        title={
          <span className="inline-flex items-center gap-1.5">
            <TriangleAlert aria-hidden className="size-3.5 text-warn" />
            {counted(comparison.totalLeaving, 'commit')} will be taken away from {environment}
          </span>
        }
        commits={comparison.leaving}
        total={comparison.totalLeaving}
        first={4}
      />
    </div>
  );
}

function Going({ plan, current }: { plan: ComposerPlan; current: ComposerStart['current'] }) {
  const { comparison, head } = plan;
  if (!comparison) {
    return (
      <div>
        <p className="text-sm text-ink-soft">
          {current
            ? 'What changes cannot be shown; the warnings say why.'
            : 'Nothing is live here yet: this is the first deployment.'}
        </p>
        {head ? <CommitLine commit={head} /> : null}
      </div>
    );
  }
  if (comparison.totalIncluded === 0 && comparison.totalLeaving === 0) {
    return (
      <div>
        <p className="text-sm text-ink-soft">This commit is live already; deploying runs it again.</p>
        {head ? <CommitLine commit={head} /> : null}
      </div>
    );
  }
  if (comparison.totalIncluded === 0) return null;
  return (
    <CommitList
      title={`${counted(comparison.totalIncluded, 'commit')} will go live`}
      commits={comparison.included}
      total={comparison.totalIncluded}
    />
  );
}

interface PlanCommitsProps {
  start: ComposerStart;
  plan: ComposerPlan;
  /** Chooses the newest commit of the ref. */
  onNewest: () => void;
}

/** The commits that go live, those that are taken away, and the newer ones that stay out. */
export function PlanCommits({ start, plan, onNewest }: PlanCommitsProps) {
  return (
    <div className="grid gap-4">
      <Going plan={plan} current={start.current} />
      {plan.comparison && plan.comparison.totalLeaving > 0 ? (
        <Leaving comparison={plan.comparison} environment={start.target.environment.name} />
      ) : null}
      {plan.notIncluded.length > 0 ? (
        <CommitList
          title={`Not included: ${counted(plan.notIncluded.length, 'newer commit')} on ${plan.revision.ref}`}
          commits={plan.notIncluded}
          total={plan.notIncluded.length}
          first={3}
          aside={
            <Button size="sm" variant="quiet" onClick={onNewest}>
              Take the newest
            </Button>
          }
        />
      ) : null}
    </div>
  );
}
