import { GitBranch, Hand, Rocket, RotateCcw, Tag, Undo2 } from 'lucide-react';
import { Badge } from '@/components/ui/badge';
import { cn } from '@/components/ui/cn';
import { Duration } from '@/components/ui/duration';
import { Link } from '@/components/ui/link';
import { RelativeTime } from '@/components/ui/relative-time';
import { Sha } from '@/components/ui/sha';
import { ToneBadge } from '@/components/ui/tone';
import { isTerminal } from '@/lib/deployments/model/status';
import type { DeploymentSummary } from '@/lib/deployments/model/view';
import { withLabel } from '@/lib/targets/model/label';
import { StatusBadge } from './status-badge';

export function deploymentHref(deployment: { id: string }): string {
  return `/deployments/${deployment.id}`;
}

export function approvalHref(deployment: { id: string }): string {
  return `/approvals/${deployment.id}`;
}

type Routed = Pick<DeploymentSummary, 'component' | 'environment' | 'label'>;

/** "Backend → Production", "Extension → Production (Open VSX)": what goes where. */
export function Route({ deployment, className }: { deployment: Routed; className?: string }) {
  return (
    <span className={className}>
      {deployment.component.name} <span className="text-ink-faint">→</span>{' '}
      {withLabel(deployment.environment.name, deployment.label)}
    </span>
  );
}

/** What tells targets apart stands last in a name: with a label it goes on in the next line, without one it is cut off. */
export const fitOf = (label: string) => (label ? 'wrap-anywhere' : 'truncate');

/** "Backend → Production #12", as eyes and screen readers read it; in a row, where the number stays whole. */
export function NumberedRoute({ deployment }: { deployment: Routed & Pick<DeploymentSummary, 'number'> }) {
  return (
    <>
      <Route deployment={deployment} className={cn('min-w-0', fitOf(deployment.label))} />{' '}
      <span className="ml-1.5 shrink-0 font-normal text-ink-faint">#{deployment.number}</span>
    </>
  );
}

interface RevisionMarkProps {
  revision: DeploymentSummary['revision'];
  /** The first line of the commit message after the id. */
  message?: boolean;
  className?: string;
}

/** Branch or tag, then the commit. */
export function RevisionMark({ revision, message = false, className }: RevisionMarkProps) {
  const Icon = revision.refKind === 'tag' ? Tag : GitBranch;
  return (
    <span className={cn('inline-flex min-w-0 max-w-full items-center gap-1.5', className)}>
      <Icon aria-hidden className="size-3 shrink-0 text-ink-faint" />
      <span className="sr-only">{revision.refKind}</span>
      <span className="max-w-40 truncate font-mono text-xs" title={revision.ref}>
        {revision.ref}
      </span>
      <Sha value={revision.sha} className="text-ink-faint" />
      {message && revision.message ? (
        <span className="min-w-0 truncate text-ink-soft" title={revision.message}>
          {revision.message.split('\n', 1)[0]}
        </span>
      ) : null}
    </span>
  );
}

const KINDS = {
  deploy: null,
  rollback: { label: 'Rollback', icon: <Undo2 aria-hidden /> },
  promote: { label: 'Promotion', icon: <Rocket aria-hidden /> },
  retry: { label: 'Retry', icon: <RotateCcw aria-hidden /> },
} as const;

/** Says when a deployment is not a plain one. */
export function KindMark({ kind }: { kind: DeploymentSummary['kind'] }) {
  const mark = KINDS[kind];
  return mark ? <Badge icon={mark.icon}>{mark.label}</Badge> : null;
}

/** Running clock, final length, or nothing before it started. */
export function Took({ deployment }: { deployment: DeploymentSummary }) {
  if (!deployment.startedAt) return <span className="text-ink-faint">–</span>;
  return <Duration since={deployment.startedAt} until={isTerminal(deployment.status) ? deployment.finishedAt : null} />;
}

/** How it stands; a decision that only a person can make goes before everything else. */
export function Standing({ deployment, className }: { deployment: DeploymentSummary; className?: string }) {
  if (deployment.attention === null) return <StatusBadge status={deployment.status} plain className={className} />;
  return (
    <ToneBadge tone="warn" plain icon={<Hand aria-hidden className="size-3.5 shrink-0" />} className={className}>
      Needs a decision
    </ToneBadge>
  );
}

interface DeploymentLineProps {
  deployment: DeploymentSummary;
  /** Without its route, where every line is of the same target. */
  bare?: boolean;
  /** Where the line leads; its own page when left out. */
  href?: string;
}

/** Two lines for narrow columns: what and how it stands, then revision, person and age. */
export function DeploymentLine({ deployment, bare = false, href }: DeploymentLineProps) {
  const failure = deployment.failure?.sentence;
  return (
    <li className="group relative grid gap-1 px-4 py-2.5 hover:bg-raised/60">
      <div className={cn('flex min-w-0 items-center gap-x-2 gap-y-1', deployment.label && 'flex-wrap')}>
        <Link
          href={href ?? deploymentHref(deployment)}
          className="flex min-w-0 items-baseline text-sm font-medium after:absolute after:inset-0 group-hover:underline focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
        >
          {bare ? `#${deployment.number}` : <NumberedRoute deployment={deployment} />}
        </Link>
        <KindMark kind={deployment.kind} />
        <Standing deployment={deployment} className="ml-auto shrink-0" />
      </div>
      <div className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-0.5 text-xs text-ink-faint">
        <RevisionMark revision={deployment.revision} />
        <span className="ml-auto flex shrink-0 gap-1.5">
          <span className="max-w-32 truncate">{deployment.requestedBy.name}</span>
          <RelativeTime at={deployment.finishedAt ?? deployment.requestedAt} />
        </span>
      </div>
      {failure ? <p className="truncate text-xs text-ink-soft">{failure}</p> : null}
    </li>
  );
}
