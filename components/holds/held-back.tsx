import { GitCommitHorizontal, Hourglass } from 'lucide-react';
import Link from 'next/link';
import { deploymentHref } from '@/components/deployments/deployment-row';
import { Mono } from '@/components/ui/code';
import type { HeldBack } from '@/lib/gates/model/view';

function behindInWords(count: number): string {
  return `${count.toLocaleString('en')} ${count === 1 ? 'commit' : 'commits'} behind`;
}

function Line({ held }: { held: HeldBack }) {
  const where = `${held.component} in ${held.environment}`;
  return (
    <>
      {held.queued.map((deployment) => (
        <li key={deployment.id} className="flex min-w-0 items-start gap-1.5">
          <Hourglass aria-hidden className="mt-0.5 size-3.5 shrink-0 text-warn" />
          <span className="min-w-0 break-words">
            <Link href={deploymentHref(deployment)} className="font-medium hover:underline">
              #{deployment.number}
            </Link>{' '}
            {where} <Mono className="text-ink-faint">{deployment.sha.slice(0, 7)}</Mono>{' '}
            <span className="text-ink-soft">{deployment.message.split('\n')[0]}</span>{' '}
            <span className="text-ink-faint">by {deployment.requestedBy}</span>
          </span>
        </li>
      ))}
      {held.commitsBehind ? (
        <li className="flex min-w-0 items-start gap-1.5">
          <GitCommitHorizontal aria-hidden className="mt-0.5 size-3.5 shrink-0 text-ink-faint" />
          <span className="min-w-0 break-words">
            {where}:{' '}
            <Link href={`/deploy/${held.targetId}`} className="hover:underline">
              {behindInWords(held.commitsBehind)}
            </Link>
          </span>
        </li>
      ) : null}
    </>
  );
}

/** What does not go live because of a hold: deployments that wait, and commits that are ahead of what is live. */
export function HeldBackList({ heldBack }: { heldBack: readonly HeldBack[] }) {
  const some = heldBack.filter((held) => held.queued.length > 0 || (held.commitsBehind ?? 0) > 0);
  if (some.length === 0)
    return <p className="text-sm text-ink-faint">Nothing waits because of it, as far as the console knows.</p>;
  return (
    <ul className="grid gap-1 text-sm">
      {some.map((held) => (
        <Line key={held.targetId} held={held} />
      ))}
    </ul>
  );
}
