'use client';

import { RotateCcw } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useVerb } from '@/components/deployment/use-verb';
import { useLiveQuery } from '@/components/live/use-live-query';
import { Button } from '@/components/ui/button';
import { Mono } from '@/components/ui/code';
import { Link } from '@/components/ui/link';
import type { Triggered } from '@/lib/deployments/model/schemas';
import { type DeploymentStatus, isTerminal, STATUS_VIEW } from '@/lib/deployments/model/status';
import type { DeploymentDetail } from '@/lib/deployments/model/view';
import type { Refusal } from '@/lib/kernel/errors';
import { newId } from '@/lib/kernel/ids';
import type { Action } from '@/lib/kernel/result';
import { queryKeys } from '@/lib/realtime/protocol';

export type Redeploy = Action<{ deploymentId: string; whileLive?: boolean; idempotencyKey: string }, Triggered>;

interface RedeployProps {
  targetId: string;
  /** "Website in Staging": read out, because a page may have several. */
  where: string;
  live: { id: string; ref: string; sha: string };
  /** Something that has not ended, which may bring the change already. */
  next: { id: string; number: number } | null;
  /** Why it cannot be pressed; null when it can. */
  refusal: string | null;
  /** How many people's approval it waits for. */
  approvals: number;
}

interface PressProps extends RedeployProps {
  redeploy: Redeploy;
  /** What is on its way has ended: for a page that does not read anew by itself. */
  onEnded?: () => void;
}

export interface Ended {
  id: string;
  number: number;
  status: DeploymentStatus;
}

/** One press deploys once more what is live, so that changed settings count; through the same gates as any deployment. */
export function RedeployPress({ redeploy, onEnded, ...props }: PressProps) {
  const { live, next } = props;
  const [made, setMade] = useState<Triggered | null>(null);
  const [ended, setEnded] = useState<Ended | null>(null);
  const [read, setRead] = useState<Ended | null>(null);
  // One key until it is taken: pressed twice, or pressed anew after a lost answer, it is still one deployment.
  const [key, setKey] = useState<string | null>(null);
  const verb = useVerb(redeploy);
  async function press() {
    const idempotencyKey = key ?? newId('key');
    setKey(idempotencyKey);
    setMade(await verb.run({ deploymentId: live.id, whileLive: true, idempotencyKey }));
  }
  const asked = next ?? (made && { id: made.deploymentId, number: made.number });
  const going = asked?.id === ended?.id ? null : asked;
  function heard(of: Ended) {
    setRead(of);
    const over = endedOf(of);
    if (!over) return;
    setEnded(over);
    // The next press is another deployment.
    setMade(null);
    setKey(null);
    onEnded?.();
  }
  // What people may still refuse is not on its way; the newest word about it is what was read of it by itself.
  const asks = read?.id === going?.id && read?.status === 'awaiting_approval';
  return (
    <>
      {going ? <Watch key={going.id} id={going.id} onRead={heard} /> : null}
      <RedeployParts {...props} next={going && { ...going, asks }} ended={ended} verb={verb} press={press} />
    </>
  );
}

/** Draws nothing; says what is read of a deployment. */
function Watch({ id, onRead }: { id: string; onRead: (read: Ended) => void }) {
  const { data } = useLiveQuery<DeploymentDetail>({
    queryKey: queryKeys.deployment(id),
    path: `/api/v1/deployments/${encodeURIComponent(id)}`,
  });
  useEffect(() => {
    if (data) onRead(data);
  });
  return null;
}

/** Null while it has not ended, and while nobody knows. */
export function endedOf(read: Ended | undefined): Ended | null {
  return read && isTerminal(read.status) ? { id: read.id, number: read.number, status: read.status } : null;
}

interface PartsProps extends Omit<RedeployProps, 'next'> {
  /** `asks`: it waits for people's approval. */
  next: (NonNullable<RedeployProps['next']> & { asks?: boolean }) | null;
  /** What was on its way when this was drawn first, and is no more. */
  ended: Ended | null;
  verb: { pending: boolean; refusal: Refusal | null };
  press: () => void;
}

/** The same for what was pressed. */
export function RedeployParts({ targetId, where, live, next, ended, refusal, approvals, verb, press }: PartsProps) {
  if (next)
    return (
      <Link href={`/deployments/${next.id}`} className="relative rounded-sm text-accent underline">
        #{next.number} {next.asks ? 'waits for approval' : 'is on its way'}
      </Link>
    );
  const short = live.sha.slice(0, 7);
  const composer = `/deploy/${targetId}?ref=${encodeURIComponent(live.ref)}&sha=${live.sha}`;
  return (
    <span className="inline-flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1">
      <Button
        size="sm"
        icon={<RotateCcw aria-hidden />}
        pending={verb.pending}
        disabledReason={refusal}
        aria-label={`Deploy ${short} again: ${where}`}
        className="relative"
        onClick={press}
      >
        <span>
          Deploy <Mono>{short}</Mono> again
        </span>
      </Button>
      {ended ? (
        <Link href={`/deployments/${ended.id}`} className="relative text-xs text-accent underline">
          #{ended.number}: {STATUS_VIEW[ended.status].label}
        </Link>
      ) : null}
      {approvals > 0 ? (
        <span className="text-xs text-ink-faint">
          waits for {approvals} approval{approvals === 1 ? '' : 's'}
        </span>
      ) : null}
      {verb.refusal ? (
        <span role="alert" className="basis-full text-xs wrap-anywhere text-bad">
          {verb.refusal.sentence}{' '}
          <Link href={composer} className="relative text-accent underline">
            Open the composer
          </Link>
        </span>
      ) : null}
    </span>
  );
}
