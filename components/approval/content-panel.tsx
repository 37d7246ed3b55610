import { PackageFact } from '@/components/deployment/package-fact';
import { deploymentHref } from '@/components/deployments/deployment-row';
import { Mono } from '@/components/ui/code';
import { CopyButton } from '@/components/ui/copy-button';
import { Link } from '@/components/ui/link';
import { Facts, Panel } from '@/components/ui/panel';
import type { ApprovalPacket } from '@/lib/gates/model/view';
import { MODE_WORDS } from '@/lib/rendering/model/mode';
import { TickedList } from './ticked-list';

const none = <span className="text-ink-faint">none</span>;

function Inputs({ inputs }: Pick<ApprovalPacket, 'inputs'>) {
  const entries = Object.entries(inputs);
  if (entries.length === 0) return none;
  return (
    <ul className="grid gap-0.5">
      {entries.map(([name, value]) => (
        <li key={name} className="break-all">
          <Mono className="text-ink-faint">{name}</Mono>{' '}
          {value === '' ? <span className="text-ink-faint">empty</span> : <Mono>{String(value)}</Mono>}
        </li>
      ))}
    </ul>
  );
}

/** Short at a glance, whole on a tap: it is what an approval is bound to. */
function Digest({ digest }: Pick<ApprovalPacket, 'digest'>) {
  return (
    <details className="group min-w-0">
      <summary className="w-fit rounded-sm underline decoration-line-strong underline-offset-3 hover:decoration-current pointer-coarse:py-1.5">
        <Mono>{digest.slice(0, 12)}</Mono>
        <span className="sr-only">, show the whole digest</span>
      </summary>
      <span className="mt-1 flex items-start gap-1">
        <Mono className="min-w-0 break-all text-ink-soft">{digest}</Mono>
        <CopyButton value={digest} label="Copy the digest" className="size-6 shrink-0" />
      </span>
      <span className="block text-xs text-ink-faint">
        Made of commit, environment, rendering mode, inputs, workflow file and policy. If one of them changes, every
        approval is void.
      </span>
    </details>
  );
}

/** Another text of it is refused, whatever the branch says by then. */
function WorkflowFile({ path, digest }: NonNullable<ApprovalPacket['workflow']>) {
  return (
    <Mono className="wrap-anywhere">
      {path} <span className="text-ink-faint">({digest.slice(0, 12)})</span>
    </Mono>
  );
}

/** A change of it is what is approved, so it is said first. */
function Mode({ asked, before }: NonNullable<ApprovalPacket['mode']>) {
  const moved = before !== null && before !== asked;
  return (
    <>
      {moved ? <span className="font-medium text-warn">From {MODE_WORDS[before].short} to </span> : null}
      <span className="font-medium">{MODE_WORDS[asked].short}</span>, {MODE_WORDS[asked].means}
    </>
  );
}

/** What is open is ticked by whoever may deploy; no approval is lost by it. */
function Checklist({ packet: { checklist, deployment } }: { packet: ApprovalPacket }) {
  const waits = deployment.status === 'awaiting_approval' && checklist.some((each) => !each.ticked);
  return (
    <>
      <TickedList items={checklist} />
      {waits ? (
        <Link href={deploymentHref(deployment)} className="mt-1 block w-fit text-xs underline underline-offset-3">
          What is open is ticked on the page of #{deployment.number}
        </Link>
      ) : null}
    </>
  );
}

/** What exactly is approved, beside the commits. */
export function ContentPanel({ packet }: { packet: ApprovalPacket }) {
  const { inputs, mode, workflow, configNames, checklist, digest, package: published } = packet;
  return (
    <Panel title="What is approved">
      <Facts
        items={[
          ...(published ? [{ name: 'Package', value: <PackageFact published={published} /> }] : []),
          ...(mode ? [{ name: 'Renders as', value: <Mode {...mode} /> }] : []),
          { name: 'Inputs', value: <Inputs inputs={inputs} /> },
          ...(workflow ? [{ name: 'Workflow', value: <WorkflowFile {...workflow} /> }] : []),
          {
            name: 'Settings',
            value: configNames.length > 0 ? <Mono className="wrap-anywhere">{configNames.join(', ')}</Mono> : none,
          },
          ...(checklist.length > 0 ? [{ name: 'Checklist', value: <Checklist packet={packet} /> }] : []),
          { name: 'Digest', value: <Digest digest={digest} /> },
        ]}
      />
    </Panel>
  );
}
