'use client';

import { useQueryClient } from '@tanstack/react-query';
import { ListChecks } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { FreshnessNotice } from '@/components/live/freshness';
import { useLiveQuery } from '@/components/live/use-live-query';
import { LogPanel } from '@/components/logs/log-panel';
import { EmptyState } from '@/components/ui/empty-state';
import { Optional } from '@/components/ui/optional';
import { Panel } from '@/components/ui/panel';
import { Skeleton } from '@/components/ui/skeleton';
import { isTerminal } from '@/lib/deployments/model/status';
import type { DeploymentDetail, JobView } from '@/lib/deployments/model/view';
import { queryKeys } from '@/lib/realtime/protocol';
import { ActionBar } from './action-bar';
import { Announcer } from './announcer';
import { DeploymentHeader } from './deployment-header';
import { jobOfInterest } from './jobs';
import { Progress } from './progress';
import { StepList } from './step-list';
import type { DeploymentVerbs } from './verbs';
import { waitingInWords } from './waiting';

/** Below the fold, and the page says what matters without them. */
const Timeline = lazy(() => import('./timeline').then((file) => ({ default: file.Timeline })));
const FactList = lazy(() => import('./fact-list').then((file) => ({ default: file.FactList })));

/** Rare, and it brings the schemas with it. */
const AttentionPanel = lazy(() => import('./attention-panel').then((file) => ({ default: file.AttentionPanel })));

/** Only where something has to be let through first. */
const DeploymentGates = lazy(() => import('./gates-panel').then((file) => ({ default: file.DeploymentGates })));

/** Only where there is something to say beside the status. */
const StandingNotices = lazy(() => import('./standing-notices').then((file) => ({ default: file.StandingNotices })));

/** Only for what ended badly. */
const FailurePanel = lazy(() => import('./failure-panel').then((file) => ({ default: file.FailurePanel })));

const BAD: readonly string[] = ['failed', 'errored', 'timed_out'];

function hasNotices(deployment: DeploymentDetail): boolean {
  const { trouble, cancelRequestedBy, acceptedAt, supersededBy, freezeOverride } = deployment;
  return [trouble, cancelRequestedBy, acceptedAt, supersededBy, freezeOverride].some((each) => each !== null);
}

interface RunProps {
  deployment: DeploymentDetail;
  /** Whose steps and log are open. */
  job: JobView | null;
  onPick: (jobId: string) => void;
}

function Run({ deployment, job, onPick }: RunProps) {
  const { jobs, logs, provider } = deployment;
  if (jobs.length === 0) {
    return (
      <Panel title="Steps and log">
        <EmptyState
          icon={<ListChecks aria-hidden />}
          title={isTerminal(deployment.status) ? 'No steps' : 'No steps yet'}
        >
          {waitingInWords(deployment)}
        </EmptyState>
      </Panel>
    );
  }
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[19rem_minmax(0,1fr)]">
      <StepList jobs={jobs} picked={job?.jobId ?? null} onPick={onPick} />
      <LogPanel
        deploymentId={deployment.id}
        number={deployment.number}
        jobs={jobs}
        job={job}
        onPick={onPick}
        mode={logs?.mode ?? null}
        providerLabel={provider.label}
      />
    </div>
  );
}

/** One attempt to put a release on a target: what it does now, why it failed, what can be done. Live. */
export function DeploymentScreen({ initial, verbs }: { initial: DeploymentDetail; verbs: DeploymentVerbs }) {
  const client = useQueryClient();
  const queryKey = queryKeys.deployment(initial.id);
  const live = useLiveQuery({ queryKey, path: `/api/v1/deployments/${initial.id}`, initialData: initial });
  const deployment = live.data ?? initial;
  const again = () => void client.invalidateQueries({ queryKey });
  const [chosen, setChosen] = useState<string | null>(null);
  const job = deployment.jobs.find((each) => each.jobId === chosen) ?? jobOfInterest(deployment.jobs);

  return (
    <div className="grid gap-4">
      <Announcer deployment={deployment} />
      <DeploymentHeader
        deployment={deployment}
        actions={<ActionBar deployment={deployment} verbs={verbs} onDone={again} />}
      />
      <FreshnessNotice error={live.error} updatedAt={live.dataUpdatedAt} />
      {deployment.attention ? (
        <Suspense fallback={<Skeleton className="h-96 rounded-lg" />}>
          <AttentionPanel deployment={deployment} resolve={verbs.resolve} onDone={again} />
        </Suspense>
      ) : null}
      <Optional>{hasNotices(deployment) ? <StandingNotices deployment={deployment} /> : null}</Optional>
      <Optional>
        {deployment.gates.length > 0 || deployment.approval ? (
          <DeploymentGates deployment={deployment} override={verbs.overrideFreeze} onDone={again} />
        ) : null}
      </Optional>
      {BAD.includes(deployment.status) ? (
        <Suspense fallback={<Skeleton className="h-40 rounded-lg" />}>
          <FailurePanel
            deployment={deployment}
            job={deployment.jobs.find((each) => each.status === 'failed') ?? null}
            onOpenLog={setChosen}
          />
        </Suspense>
      ) : null}
      <Progress deployment={deployment} />
      <Run deployment={deployment} job={job} onPick={setChosen} />
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <Optional>
          <Timeline entries={deployment.timeline} />
        </Optional>
        <Optional>
          <FactList deployment={deployment} />
        </Optional>
      </div>
    </div>
  );
}
