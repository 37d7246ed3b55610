'use client';

import { CircleX } from 'lucide-react';
import { deploymentHref } from '@/components/deployments/deployment-row';
import { errorExcerpt } from '@/components/logs/folds';
import type { LogLine } from '@/components/logs/line';
import { useLog } from '@/components/logs/use-log';
import { Button } from '@/components/ui/button';
import { ButtonLink } from '@/components/ui/button-link';
import { Mono } from '@/components/ui/code';
import { Link } from '@/components/ui/link';
import type { DeploymentStatus } from '@/lib/deployments/model/status';
import type { DeploymentDetail, JobView } from '@/lib/deployments/model/view';
import { withLabel } from '@/lib/targets/model/label';

/** What helps, by how it ended. */
const NEXT: Partial<Record<DeploymentStatus, string>> = {
  failed:
    'Read the log. If the change is at fault, mend it and deploy again; if it was a passing trouble, re-run the failed jobs.',
  errored: 'The change is not to blame. When the trouble is over, deploy the same commit again.',
  timed_out: 'Look at the run at the provider: it may still be going. Then re-run its failed jobs or deploy again.',
};

function Excerpt({ lines }: { lines: readonly LogLine[] }) {
  return (
    <ol
      aria-label="First error in the log"
      className="mb-2 overflow-x-auto rounded-md border border-line py-1.5 text-ink font-mono text-xs leading-5"
    >
      {lines.map((line) => (
        <li key={line.number} className={line.kind === 'error' ? 'flex bg-bad-wash text-bad' : 'flex'}>
          <span className="w-11 shrink-0 select-none pr-3 text-right text-ink-faint tabular-nums">{line.number}</span>
          <span className="min-w-0 whitespace-pre-wrap break-all pr-3">
            {line.kind === 'error' ? <span className="font-semibold">Error: </span> : null}
            {line.text.slice(0, 240)}
          </span>
        </li>
      ))}
    </ol>
  );
}

function StillLive({ deployment }: { deployment: DeploymentDetail }) {
  const { current, environment, label } = deployment;
  const place = withLabel(environment.name, label);
  if (deployment.isCurrent) return null;
  if (!current) return <p>Nothing was live in {place} before it.</p>;
  return (
    <p>
      What went live last in {place} is{' '}
      <Link href={deploymentHref(current)} className="underline underline-offset-3">
        #{current.number}
      </Link>{' '}
      <Mono>{current.sha.slice(0, 7)}</Mono>.
    </p>
  );
}

/** The same commit, with what was filled in as far as the new form still has it. */
function NewForm({ deployment }: { deployment: DeploymentDetail }) {
  const { targetId, revision } = deployment;
  const search = new URLSearchParams({ ref: revision.ref, refKind: revision.refKind, sha: revision.sha });
  return (
    <ButtonLink href={`/deploy/${targetId}?${search}`} size="sm" variant="primary" className="justify-self-start">
      Deploy again with the new form
    </ButtonLink>
  );
}

interface FailurePanelProps {
  deployment: DeploymentDetail;
  /** The job that failed; null when it never came so far. */
  job: JobView | null;
  onOpenLog: (jobId: string) => void;
}

/** Why it ended badly, where, the first error, and what to do. */
export function FailurePanel({ deployment, job, onOpenLog }: FailurePanelProps) {
  const log = useLog({ deploymentId: deployment.id, job, mode: deployment.logs?.mode ?? null });
  const lines = log.data ? errorExcerpt(log.data.lines) : [];
  const { failure } = deployment;

  function openLog(of: JobView) {
    onOpenLog(of.jobId);
    document.getElementById('log')?.scrollIntoView({ block: 'start' });
  }

  const step = failure?.step ?? job?.steps.find((each) => each.status === 'failed')?.name ?? null;
  return (
    <section aria-label="Why it failed" className="overflow-hidden rounded-lg border border-bad/40 bg-surface text-sm">
      <div className="flex gap-2.5 bg-bad-wash px-4 py-3">
        <CircleX aria-hidden className="mt-0.5 size-4 shrink-0 text-bad" />
        <div className="grid min-w-0 gap-1">
          <h2 className="wrap-anywhere font-semibold">
            {failure?.sentence ?? 'It did not succeed; the provider gave no reason.'}
          </h2>
          {step && !failure?.sentence.includes(step) ? (
            <p className="text-ink-soft">
              Step “{step}”{job ? <> of {job.name}</> : null}
            </p>
          ) : null}
        </div>
      </div>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-1 px-4 py-3 text-ink-soft">
        {lines.length > 0 ? <Excerpt lines={lines} /> : null}
        {failure?.code === 'form_changed' ? <NewForm deployment={deployment} /> : <p>{NEXT[deployment.status]}</p>}
        <StillLive deployment={deployment} />
        {job ? (
          <Button size="sm" className="mt-1 justify-self-start" onClick={() => openLog(job)}>
            Open the log of {job.name}
          </Button>
        ) : null}
      </div>
    </section>
  );
}
