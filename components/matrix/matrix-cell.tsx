import { BadgeCheck, PlugZap } from 'lucide-react';
import { approvalHref, deploymentHref } from '@/components/deployments/deployment-row';
import { StatusBadge } from '@/components/deployments/status-badge';
import type { Redeploy } from '@/components/redeploy/redeploy-press';
import { RollBackLink } from '@/components/roll-back/roll-back-link';
import { Link } from '@/components/ui/link';
import { RelativeTime } from '@/components/ui/relative-time';
import { Sha } from '@/components/ui/sha';
import type { DeploymentSummary, MatrixCell } from '@/lib/deployments/model/view';
import { withLabel } from '@/lib/targets/model/label';
import { ChangedMark } from './changed-mark';
import { DeployAction } from './deploy-action';
import { DriftMark } from './drift-mark';
import { PinMarks } from './pin-mark';

/** What is live in one target, how it got there, and the way to change it. */
export function TargetCell({
  cell,
  componentName,
  environmentName,
  redeploy,
}: {
  cell: MatrixCell;
  componentName: string;
  environmentName: string;
  redeploy: Redeploy;
}) {
  const place = withLabel(environmentName, cell.label);
  const what = `${componentName} to ${place}`;
  return (
    <div className="flex w-full min-w-0 items-start justify-between gap-3">
      <div className="grid min-w-0 gap-0.5">
        {cell.label ? <span className="text-xs text-ink-soft">{cell.label}</span> : null}
        <Live current={cell.current} behind={cell.commitsBehind} />
        <CellMarks cell={cell} where={`${componentName} in ${place}`} redeploy={redeploy} />
      </div>
      <div className="flex shrink-0 items-center gap-0.5">
        {cell.current ? <RollBackLink targetId={cell.targetId} where={`${componentName} in ${place}`} /> : null}
        <DeployAction targetId={cell.targetId} what={what} gate={cell.deploy} mayOverride={cell.mayOverride} />
      </div>
    </div>
  );
}

/** Whether the version text already is the commit id. */
function isSha(deployment: DeploymentSummary): boolean {
  return deployment.version === '' || deployment.revision.sha.startsWith(deployment.version);
}

function Live({ current, behind }: { current: DeploymentSummary | null; behind: number | null }) {
  if (!current) return <span className="text-ink-faint">Nothing live yet</span>;
  return (
    <>
      <span className="flex min-w-0 items-center gap-1.5">
        <Link href={deploymentHref(current)} className="min-w-0 truncate rounded-sm font-medium hover:underline">
          {isSha(current) ? <Sha value={current.revision.sha} /> : current.version}
          <span className="sr-only">, deployment {current.number}</span>
        </Link>
        {isSha(current) ? null : (
          <span className="text-xs text-ink-faint max-sm:hidden">
            <Sha value={current.revision.sha} />
          </span>
        )}
        {current.status === 'succeeded' ? (
          <span title="Live and verified" className="inline-flex shrink-0">
            <BadgeCheck aria-hidden className="size-3.5 text-good" />
            <span className="sr-only">verified</span>
          </span>
        ) : null}
      </span>
      <span className="text-xs text-ink-faint sm:truncate">
        <RelativeTime at={current.finishedAt ?? current.requestedAt} /> by {current.requestedBy.name}
        {behind ? ` · ${behind} behind` : null}
      </span>
    </>
  );
}

/** What waits for approval leads to where it can be given. */
function markHref(deployment: DeploymentSummary): string {
  return deployment.status === 'awaiting_approval' ? approvalHref(deployment) : deploymentHref(deployment);
}

function CellMarks({ cell, where, redeploy }: { cell: MatrixCell; where: string; redeploy: Redeploy }) {
  const trouble = cell.connection.state === 'failing';
  const quiet = !cell.latest && cell.queued === 0 && cell.pins.length === 0 && !cell.drift && !cell.changed;
  if (quiet && !trouble) return null;
  return (
    <span className="mt-0.5 flex flex-wrap items-center gap-x-2.5 gap-y-1 text-xs">
      {cell.drift ? <DriftMark drift={cell.drift} /> : null}
      {cell.latest ? (
        <Link href={markHref(cell.latest)} className="rounded-full hover:underline">
          <StatusBadge status={cell.latest.status} plain />
          <span className="ml-1 text-ink-faint">#{cell.latest.number}</span>
        </Link>
      ) : null}
      {cell.queued > 0 ? <span className="text-ink-soft">{cell.queued} queued</span> : null}
      <PinMarks pins={cell.pins} />
      <ChangedMark cell={cell} where={where} redeploy={redeploy} />
      {trouble ? (
        <Link
          href={`/connections/${cell.connection.id}`}
          className="inline-flex items-center gap-1 rounded-sm font-medium text-warn hover:underline"
        >
          <PlugZap aria-hidden className="size-3.5" />
          {cell.connection.name} is failing
        </Link>
      ) : null}
    </span>
  );
}
