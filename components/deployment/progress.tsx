'use client';

import { SearchCheck } from 'lucide-react';
import { cn } from '@/components/ui/cn';
import { ProgressBar } from '@/components/ui/progress-bar';
import { RelativeTime } from '@/components/ui/relative-time';
import { useNow } from '@/components/ui/ticking';
import { formatSpan } from '@/components/ui/time-format';
import { isTerminal, STATUS_VIEW } from '@/lib/deployments/model/status';
import type { DeploymentDetail } from '@/lib/deployments/model/view';
import { waitingSentence } from '@/lib/deployments/model/waiting';
import { currentStep } from './jobs';
import { paceInWords, paceOf } from './pace';

/** What it is doing, in words: the step that runs, or whom it waits for. */
function doing(deployment: DeploymentDetail): string {
  const running = currentStep(deployment.jobs);
  if (deployment.attention) return 'Waiting for a person who says whether the run started.';
  if (!isTerminal(deployment.status) && deployment.waitingFor) return waitingSentence(deployment.waitingFor);
  if (isTerminal(deployment.status) || !running) return STATUS_VIEW[deployment.status].says;
  return running.step ? `${running.job.name}: ${running.step.name}` : running.job.name;
}

function Elapsed({ deployment }: { deployment: DeploymentDetail }) {
  const now = useNow('second');
  const ended = isTerminal(deployment.status);
  const succeeded = deployment.status === 'succeeded';
  const since = new Date(deployment.startedAt ?? deployment.requestedAt).getTime();
  const until = ended ? new Date(deployment.finishedAt ?? deployment.statusSince).getTime() : now;
  if (deployment.attention)
    return <p className="text-sm text-ink-soft">It is not known whether it started; the clock stands still.</p>;
  if (deployment.heldSince)
    return <p className="text-sm text-ink-soft">It waits for people; that is not counted against its usual time.</p>;
  if (until === null) return <p className="text-sm text-ink-faint">–</p>;
  const elapsed = deployment.durationMs ?? Math.max(0, until - since);
  const slow = paceOf(elapsed, deployment.usual, succeeded) === 'slower';
  const fraction = deployment.usual ? elapsed / deployment.usual.p90Ms : 0;
  return (
    <div className="grid gap-2">
      <p className="text-sm tabular-nums">
        {deployment.startedAt ? (
          <>
            <span className="font-semibold">{formatSpan(elapsed)}</span>
            <span className={cn('text-ink-faint', slow && 'text-warn')}>
              {' '}
              · {paceInWords(elapsed, deployment.usual, succeeded)}
            </span>
          </>
        ) : (
          <span className="text-ink-soft">{ended ? 'Never started' : 'Not started yet'}</span>
        )}
      </p>
      {ended ? null : (
        <ProgressBar
          bare
          label={`Progress of deployment ${deployment.number}`}
          fraction={deployment.startedAt ? fraction : 0}
          usually={deployment.usual?.p50Ms ?? null}
        />
      )}
    </div>
  );
}

function Evidence({ evidence }: { evidence: NonNullable<DeploymentDetail['evidence']> }) {
  return (
    <p className="flex min-w-0 items-start gap-1.5 text-sm">
      <SearchCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-good" />
      <span className="min-w-0 wrap-anywhere">
        <span className="font-medium text-good">Live and verified:</span> {evidence.sentence}
      </span>
    </p>
  );
}

/** Time taken against usual, what happens now, since when and until when at the latest. */
export function Progress({ deployment }: { deployment: DeploymentDetail }) {
  const ended = isTerminal(deployment.status);
  return (
    <section aria-label="Progress" className="grid gap-2 rounded-lg border border-line bg-surface px-4 py-3">
      {/* A line each: beside one another, a time that grows by a digit would move all that is below. */}
      <div className="grid gap-1">
        {deployment.evidence ? (
          <Evidence evidence={deployment.evidence} />
        ) : (
          <p className="min-w-0 wrap-anywhere text-sm">{doing(deployment)}</p>
        )}
        <p className="text-xs text-ink-faint">
          {STATUS_VIEW[deployment.status].label} since <RelativeTime at={deployment.statusSince} />
          {deployment.evidence ? (
            <>
              {' '}
              · verified <RelativeTime at={deployment.evidence.at} />
            </>
          ) : null}
          {deployment.runEndedAt ? (
            <>
              {' '}
              · its run ended <RelativeTime at={deployment.runEndedAt} />
            </>
          ) : null}
          {deployment.deadlineAt && !ended && !deployment.heldSince && !deployment.runEndedAt ? (
            <>
              {' '}
              · times out <RelativeTime at={deployment.deadlineAt} />
            </>
          ) : null}
        </p>
      </div>
      <Elapsed deployment={deployment} />
    </section>
  );
}
