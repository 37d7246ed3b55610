'use client';

import { ListChecks } from 'lucide-react';
import { LogPanel } from '@/components/logs/log-panel';
import { EmptyState } from '@/components/ui/empty-state';
import { Panel } from '@/components/ui/panel';
import { isTerminal } from '@/lib/deployments/model/status';
import type { DeploymentDetail, JobView } from '@/lib/deployments/model/view';
import { StepList } from './step-list';
import { waitingInWords } from './waiting';

interface RunPanelProps {
  deployment: DeploymentDetail;
  /** Whose steps and log are open. */
  job: JobView | null;
  onPick: (jobId: string) => void;
}

/** The steps of the run, and the log of one of its jobs. */
export function RunPanel({ deployment, job, onPick }: RunPanelProps) {
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
      <StepList jobs={jobs} over={isTerminal(deployment.status)} picked={job?.jobId ?? null} onPick={onPick} />
      <LogPanel
        deploymentId={deployment.id}
        number={deployment.number}
        jobs={jobs}
        job={job}
        onPick={onPick}
        mode={logs?.mode ?? null}
        providerLabel={provider.runsAt}
        isPublished={deployment.package !== null && deployment.buildsNothing}
        runUrl={deployment.remoteUrl}
      />
    </div>
  );
}
