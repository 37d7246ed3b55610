import { TickedList } from '@/components/approval/ticked-list';
import { deploymentHref } from '@/components/deployments/deployment-row';
import { Mono } from '@/components/ui/code';
import { CopiedSha } from '@/components/ui/copied-sha';
import { Link } from '@/components/ui/link';
import { Facts, Panel } from '@/components/ui/panel';
import { RelativeTime } from '@/components/ui/relative-time';
import type { DeploymentDetail } from '@/lib/deployments/model/view';
import type { InputValue } from '@/lib/providers/port';
import { ModeFact } from './mode-fact';
import { PackageFact } from './package-fact';
import { throughOf } from './through';

interface Fact {
  name: string;
  value: React.ReactNode;
}

function Other({ of }: { of: { id: string; number: number; sha?: string } }) {
  return (
    <Link
      href={deploymentHref(of)}
      className="underline decoration-line-strong underline-offset-3 hover:decoration-current"
    >
      #{of.number}
      {of.sha ? <Mono className="ml-1.5 text-ink-faint">{of.sha.slice(0, 7)}</Mono> : null}
    </Link>
  );
}

function Inputs({ inputs }: { inputs: Record<string, InputValue> }) {
  const entries = Object.entries(inputs);
  if (entries.length === 0) return <span className="text-ink-faint">none</span>;
  return (
    <ul className="grid gap-0.5">
      {entries.map(([name, value]) => (
        <li key={name} className="break-all">
          <Mono className="text-ink-faint">{name}</Mono>{' '}
          {value === '' ? (
            <span className="ml-1 text-ink-faint">empty</span>
          ) : (
            <Mono className="ml-1 whitespace-pre-wrap">{String(value)}</Mono>
          )}
        </li>
      ))}
    </ul>
  );
}

function Run({ deployment }: { deployment: DeploymentDetail }) {
  const { remote, rawPhase, provider } = deployment;
  if (!remote) return <span className="text-ink-faint">none at {provider.runsAt} yet</span>;
  return (
    <>
      <Mono>{remote.id}</Mono>
      {remote.attempt > 1 ? <span className="text-ink-faint"> attempt {remote.attempt}</span> : null}
      {rawPhase ? (
        <span className="block text-xs text-ink-faint">
          {provider.runsAt === provider.label ? `${provider.label} says` : 'last told'} <Mono>{rawPhase}</Mono>
        </span>
      ) : null}
    </>
  );
}

/** What the provider's own pages were told of it, or why not; the deployment never waits for that. */
function Told({ told }: { told: NonNullable<DeploymentDetail['told']> }) {
  return (
    <>
      <span className={told.tone === 'warn' ? 'text-warn' : undefined}>{told.sentence}</span>
      {told.url ? (
        <a
          href={told.url}
          target="_blank"
          rel="noreferrer"
          className="block text-xs underline decoration-line-strong underline-offset-3 hover:decoration-current"
        >
          How {told.to} shows it
        </a>
      ) : null}
    </>
  );
}

function factsOf(deployment: DeploymentDetail): Fact[] {
  const { revision, provider, source, previous, current } = deployment;
  const facts: (Fact | null)[] = [
    {
      name: 'Commit',
      value: (
        <>
          <CopiedSha value={revision.sha} />
          {revision.message ? (
            <span className="block wrap-anywhere text-ink-soft">{revision.message.split('\n')[0]}</span>
          ) : null}
          {revision.author ? <span className="block text-xs text-ink-faint">{revision.author}</span> : null}
        </>
      ),
    },
    { name: revision.refKind === 'tag' ? 'Tag' : 'Branch', value: <Mono className="break-all">{revision.ref}</Mono> },
    deployment.version && !revision.sha.startsWith(deployment.version)
      ? { name: 'Version', value: <Mono>{deployment.version}</Mono> }
      : null,
    deployment.package ? { name: 'Package', value: <PackageFact published={deployment.package} /> } : null,
    deployment.mode ? { name: 'Renders as', value: <ModeFact mode={deployment.mode} /> } : null,
    { name: 'Inputs', value: <Inputs inputs={deployment.inputs} /> },
    {
      name: 'Asked by',
      value: (
        <>
          {deployment.requestedBy.name}, <RelativeTime at={deployment.requestedAt} />
        </>
      ),
    },
    deployment.checklist.length > 0 ? { name: 'Checklist', value: <TickedList items={deployment.checklist} /> } : null,
    deployment.reason ? { name: 'Reason', value: deployment.reason } : null,
    { name: 'Through', value: throughOf(provider) },
    { name: 'Run', value: <Run deployment={deployment} /> },
    deployment.observedAt ? { name: 'Last seen', value: <RelativeTime at={deployment.observedAt} /> } : null,
    deployment.told ? { name: deployment.told.to, value: <Told told={deployment.told} /> } : null,
    source
      ? {
          name: deployment.kind === 'deploy' ? 'Again, as' : deployment.kind === 'retry' ? 'Retry of' : 'Back to',
          value: <Other of={source} />,
        }
      : null,
    previous ? { name: 'Before it', value: <Other of={previous} /> } : null,
    current && current.id !== deployment.id ? { name: 'Live now', value: <Other of={current} /> } : null,
  ];
  return facts.filter((fact) => fact !== null);
}

/** What it is made of, and where it stands between its neighbours. */
export function FactList({ deployment }: { deployment: DeploymentDetail }) {
  return (
    <Panel title="Facts">
      <Facts items={factsOf(deployment)} />
    </Panel>
  );
}
