'use client';

import { ChevronRight } from 'lucide-react';
import { cn } from '@/components/ui/cn';
import { Duration } from '@/components/ui/duration';
import { Panel } from '@/components/ui/panel';
import type { JobView, StepView } from '@/lib/deployments/model/view';
import { stepsDone } from './jobs';
import { LAST_RUNNING, STEP_VIEW, StepMark } from './step-mark';

interface StepListProps {
  jobs: readonly JobView[];
  /** The deployment has ended, so its run is followed no more: a publication is proven live before the last step ends. */
  over: boolean;
  /** The job whose steps and log are open. */
  picked: string | null;
  onPick: (jobId: string) => void;
}

function Took({ of, over }: { of: Pick<JobView, 'status' | 'startedAt' | 'endedAt'>; over: boolean }) {
  if (over && of.status === 'running') return <span>{LAST_RUNNING.word}</span>;
  if (of.startedAt && of.status !== 'queued' && of.status !== 'skipped') {
    const open = of.status === 'running';
    if (open || of.endedAt) return <Duration since={of.startedAt} until={open ? null : of.endedAt} />;
  }
  return <span>{STEP_VIEW[of.status].word}</span>;
}

function StepLine({ step, over }: { step: StepView; over: boolean }) {
  const running = step.status === 'running' && !over;
  return (
    <li
      aria-current={running ? 'step' : undefined}
      className={cn('flex min-h-7 items-center gap-2 py-0.5 pr-4 pl-8 text-xs', running && 'bg-busy-wash')}
    >
      <StepMark status={step.status} over={over} />
      <span
        className={cn(
          'min-w-0 flex-1 wrap-anywhere',
          step.status === 'skipped' && 'text-ink-faint',
          running && 'font-medium',
        )}
      >
        {step.name}
      </span>
      <span className="shrink-0 text-ink-faint tabular-nums">
        <Took of={step} over={over} />
      </span>
    </li>
  );
}

function JobLine({ job, over, picked, onPick }: { job: JobView; over: boolean; picked: boolean; onPick: () => void }) {
  return (
    <li>
      <button
        type="button"
        aria-expanded={picked}
        onClick={onPick}
        className={cn(
          'flex min-h-9 w-full items-center gap-2 px-4 py-1.5 text-left text-sm -outline-offset-2 hover:bg-raised pointer-coarse:min-h-11',
        )}
      >
        <StepMark status={job.status} over={over} className="size-4" />
        <span className="min-w-0 flex-1 wrap-anywhere font-medium">{job.name}</span>
        <span className="shrink-0 text-xs text-ink-faint tabular-nums">
          <Took of={job} over={over} />
        </span>
        <ChevronRight
          aria-hidden
          className={cn('size-3.5 shrink-0 text-ink-faint transition-transform', picked && 'rotate-90')}
        />
      </button>
      {picked && job.steps.length > 0 ? (
        <ol aria-label={`Steps of ${job.name}`} className="pb-1.5">
          {job.steps.map((step) => (
            <StepLine key={step.key} step={step} over={over} />
          ))}
        </ol>
      ) : null}
    </li>
  );
}

/** Jobs as the provider runs them; the picked one shows its steps, and its log beside. */
export function StepList({ jobs, over, picked, onPick }: StepListProps) {
  const { done, total } = stepsDone(jobs);
  return (
    <Panel
      title="Steps"
      body="flush"
      actions={
        total > 0 ? (
          <span className="text-xs text-ink-faint tabular-nums">
            {done} of {total} done
          </span>
        ) : null
      }
    >
      <ol className="divide-y divide-line">
        {jobs.map((job) => (
          <JobLine key={job.jobId} {...{ job, over }} picked={job.jobId === picked} onPick={() => onPick(job.jobId)} />
        ))}
      </ol>
      {over && jobs.some(({ status }) => status === 'running' || status === 'queued') ? (
        <p className="border-t border-line px-4 py-2 text-xs text-ink-faint">
          Its end was known before the run’s, which was followed no further. The run’s own page says how it went on.
        </p>
      ) : null}
    </Panel>
  );
}
