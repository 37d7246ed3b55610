import { Radio } from 'lucide-react';
import { deploymentHref, RevisionMark } from '@/components/deployments/deployment-row';
import { StatusBadge } from '@/components/deployments/status-badge';
import { DeployAction } from '@/components/matrix/deploy-action';
import { DriftMark } from '@/components/matrix/drift-mark';
import { type LiftPin, LiftPinButton } from '@/components/matrix/lift-pin-button';
import { LookButton, type LookNow } from '@/components/matrix/look-button';
import { PIN_KINDS, PinTerms } from '@/components/matrix/pin-mark';
import type { Redeploy } from '@/components/redeploy/redeploy-press';
import { Badge } from '@/components/ui/badge';
import { ButtonLink } from '@/components/ui/button-link';
import { later } from '@/components/ui/later';
import { Link } from '@/components/ui/link';
import { Panel } from '@/components/ui/panel';
import { RelativeTime } from '@/components/ui/relative-time';
import type { ComponentView, DeploymentSummary, MatrixCell } from '@/lib/deployments/model/view';
import { withLabel } from '@/lib/targets/model/label';

/** Asks the host, so it comes after the rest; nothing where the provider is no host. */
const HostingPanel = later(
  () => import('@/components/hosting/hosting-panel').then((file) => file.HostingPanel),
  <span hidden />,
);

type Environment = ComponentView['environments'][number];

interface EnvironmentPanelProps {
  environment: Environment;
  componentName: string;
  liftPin: LiftPin;
  look: LookNow;
  redeploy: Redeploy;
}

/** What one environment runs of the component, target by target. */
export function EnvironmentPanel({ environment, componentName, ...acts }: EnvironmentPanelProps) {
  return (
    <Panel title={environment.name} body="flush" actions={environment.isProduction ? <Badge>production</Badge> : null}>
      <div className="divide-y divide-line">
        {environment.cells.map((cell) => (
          <TargetDetail
            key={cell.targetId}
            cell={cell}
            what={`${componentName} to ${withLabel(environment.name, cell.label)}`}
            where={`${componentName} in ${withLabel(environment.name, cell.label)}`}
            {...acts}
          />
        ))}
      </div>
    </Panel>
  );
}

interface TargetDetailProps {
  cell: MatrixCell;
  what: string;
  where: string;
  liftPin: LiftPin;
  look: LookNow;
  redeploy: Redeploy;
}

function TargetDetail({ cell, what, where, liftPin, look, redeploy }: TargetDetailProps) {
  return (
    <div className="grid gap-3 px-4 py-3 text-sm">
      {cell.label ? <h3 className="text-xs font-medium text-ink-soft">{cell.label}</h3> : null}
      {cell.current ? (
        <Running current={cell.current} behind={cell.commitsBehind} />
      ) : (
        <p className="text-ink-faint">Nothing live yet</p>
      )}
      {cell.latest ? <Latest latest={cell.latest} queued={cell.queued} /> : null}
      {cell.drift ? (
        <p className="grid justify-items-start gap-0.5">
          <DriftMark drift={cell.drift} />
          <span className="wrap-anywhere text-ink-soft">{cell.drift.sentence}</span>
        </p>
      ) : null}
      {cell.pins.map((pin) => (
        <div key={pin.id} className="flex items-start justify-between gap-2">
          <p className="grid min-w-0 gap-0.5">
            <span>
              <span className="font-medium">{PIN_KINDS[pin.kind].label}:</span> {pin.reason}
            </span>
            <PinTerms pin={pin} />
          </p>
          <LiftPinButton pin={pin} where={where} lift={liftPin} />
        </div>
      ))}
      <div className="flex flex-wrap items-center gap-2">
        <DeployAction
          targetId={cell.targetId}
          what={what}
          gate={cell.deploy}
          mayOverride={cell.mayOverride}
          variant="primary"
        />
        {cell.current ? (
          <ButtonLink
            href={deploymentHref(cell.current)}
            size="sm"
            icon={<Radio aria-hidden />}
            aria-label={`Open what is live: ${what}`}
          >
            What is live
          </ButtonLink>
        ) : null}
        <LookButton targetId={cell.targetId} where={where} look={look} />
        <Link
          href={`/connections/${cell.connection.id}`}
          className="ml-auto rounded-sm text-xs text-ink-faint hover:text-ink hover:underline"
        >
          via {cell.connection.name}
          {cell.connection.state === 'failing' ? ' (failing)' : ''}
        </Link>
      </div>
      {cell.current ? <HostingPanel targetId={cell.targetId} where={where} redeploy={redeploy} /> : null}
      {cell.deploy.allowed ? null : <p className="text-xs text-ink-soft">{cell.deploy.refusal?.sentence}</p>}
    </div>
  );
}

function Running({ current, behind }: { current: DeploymentSummary; behind: number | null }) {
  return (
    <div className="grid gap-0.5">
      <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <Link href={deploymentHref(current)} className="rounded-sm font-medium hover:underline">
          #{current.number}
        </Link>
        <RevisionMark revision={current.revision} />
      </span>
      <span className="truncate text-ink-soft">{current.revision.message.split('\n', 1)[0]}</span>
      <span className="text-xs text-ink-faint">
        live <RelativeTime at={current.finishedAt ?? current.requestedAt} /> by {current.requestedBy.name}
        {behind ? ` · ${behind} commits behind` : ''}
      </span>
    </div>
  );
}

function Latest({ latest, queued }: { latest: DeploymentSummary; queued: number }) {
  return (
    <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
      <StatusBadge status={latest.status} />
      <Link href={deploymentHref(latest)} className="rounded-sm hover:underline">
        #{latest.number}
      </Link>
      <span className="text-xs text-ink-faint">
        <RelativeTime at={latest.statusSince} /> by {latest.requestedBy.name}
        {queued > 0 ? `, ${queued} more queued` : ''}
      </span>
    </p>
  );
}
