import { Hourglass } from 'lucide-react';
import { deploymentHref } from '@/components/deployments/deployment-row';
import { Mono } from '@/components/ui/code';
import { Link } from '@/components/ui/link';
import type { HeldBack } from '@/lib/gates/model/view';
import { withLabel } from '@/lib/targets/model/label';
import { CommitsAhead } from './commits-ahead';

/** Each costs a look at the provider; a hold over everything is not asked target by target. */
const ASKED = 3;

function Queued({ held }: { held: HeldBack }) {
  return held.queued.map((deployment) => (
    <li key={deployment.id} className="flex min-w-0 items-start gap-1.5">
      <Hourglass aria-hidden className="mt-0.5 size-3.5 shrink-0 text-warn" />
      <span className="min-w-0 wrap-anywhere">
        <Link href={deploymentHref(deployment)} className="font-medium hover:underline">
          #{deployment.number}
        </Link>{' '}
        {held.component} in {withLabel(held.environment, held.label)}{' '}
        <Mono className="text-ink-faint">{deployment.sha.slice(0, 7)}</Mono>{' '}
        <span className="text-ink-soft">{deployment.message.split('\n')[0]}</span>{' '}
        <span className="text-ink-faint">
          waits, asked for by {deployment.requestedBy}
          {deployment.alsoHeldBy.map((by) => `; also held by ${by}`).join('')}
        </span>
      </span>
    </li>
  ));
}

export function waitingIn(heldBack: readonly HeldBack[]): number {
  return heldBack.reduce((sum, held) => sum + held.queued.length, 0);
}

/** Deployments that wait because of a hold, by number and place. */
export function WaitingList({ heldBack }: { heldBack: readonly HeldBack[] }) {
  if (waitingIn(heldBack) === 0) return <p className="text-sm text-ink-faint">No deployment waits because of it.</p>;
  return (
    <ul className="grid gap-1 text-sm">
      {heldBack.map((held) => (
        <Queued key={held.targetId} held={held} />
      ))}
    </ul>
  );
}

interface HeldBackListProps {
  heldBack: readonly HeldBack[];
  /** Whether the provider is asked for commits that nobody has counted. */
  asks?: boolean;
}

/** What does not go live because of a hold: deployments that wait, and commits that are ahead of what is live. */
export function HeldBackList({ heldBack, asks = true }: HeldBackListProps) {
  const ahead = asks ? heldBack : heldBack.filter(({ commitsBehind }) => commitsBehind !== null);
  if (ahead.length + waitingIn(heldBack) === 0)
    return <p className="text-sm text-ink-faint">No deployment waits because of it.</p>;
  return (
    <ul className="grid gap-1 text-sm">
      {heldBack.map((held) => (
        <Queued key={held.targetId} held={held} />
      ))}
      {ahead.slice(0, ASKED).map((held) => (
        <li key={held.targetId}>
          <CommitsAhead held={held} />
        </li>
      ))}
    </ul>
  );
}
