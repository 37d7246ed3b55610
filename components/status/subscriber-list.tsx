'use client';

import { useState } from 'react';
import { useAction } from '@/components/console/use-action';
import { Button } from '@/components/ui/button';
import { later } from '@/components/ui/later';
import { Panel } from '@/components/ui/panel';
import { RelativeTime } from '@/components/ui/relative-time';
import { FORGOTTEN_DAYS } from '@/lib/status/model/stopped';
import type { SubscriberView } from '@/lib/status/model/view';
import type { StatusActions } from './status-actions';

const ConfirmDialog = later(() => import('@/components/ui/confirm-dialog').then((file) => file.ConfirmDialog));

interface SubscriberListProps {
  count: number;
  /** Null when the reader may not see them. */
  subscribers: readonly SubscriberView[] | null;
  refusal: string | null;
  remove: StatusActions['removeSubscriber'];
  wake: StatusActions['wakeSubscriber'];
}

/** Webhooks of others that are told what is written here. */
export function SubscriberList({ count, subscribers, refusal, remove, wake }: SubscriberListProps) {
  const [chosen, setChosen] = useState<SubscriberView | null>(null);
  const says = count === 0 ? 'No webhook is told' : count === 1 ? '1 webhook is told' : `${count} webhooks are told`;
  return (
    <Panel title="Followers" description={`${says}. Readers of the feeds are not known.`} body="flush">
      {refusal ? <p className="px-4 py-3 text-sm text-ink-soft">{refusal}</p> : null}
      {subscribers?.length === 0 ? (
        <p className="px-4 py-3 text-sm text-ink-soft">
          Nobody follows by webhook yet. Anybody can, on the public page, once their address has answered a challenge.
        </p>
      ) : null}
      <ul className="divide-y divide-line">
        {subscribers?.map((subscriber) => (
          <Follower key={subscriber.id} subscriber={subscriber} wake={wake} onRemove={() => setChosen(subscriber)} />
        ))}
      </ul>
      {chosen ? <RemoveDialog subscriber={chosen} remove={remove} onClose={() => setChosen(null)} /> : null}
    </Panel>
  );
}

interface FollowerProps {
  subscriber: SubscriberView;
  wake: StatusActions['wakeSubscriber'];
  onRemove: () => void;
}

function Follower({ subscriber, wake, onRemove }: FollowerProps) {
  const { id, origin, since, stopped } = subscriber;
  const waking = useAction(wake);
  return (
    <li className="grid gap-1 px-4 py-2">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <div className="min-w-0 flex-1 basis-40">
          <p className="break-all font-mono text-xs">{origin}</p>
          <p className="text-xs text-ink-soft">
            since <RelativeTime at={since} />, {deliveries(subscriber)}
          </p>
        </div>
        <span className="flex gap-2">
          {stopped ? (
            <Button
              size="sm"
              aria-label={`Wake ${origin}`}
              pending={waking.pending}
              onClick={() => void waking.run({ subscriberId: id })}
            >
              Wake
            </Button>
          ) : null}
          <Button size="sm" aria-label={`Remove ${origin}`} onClick={onRemove}>
            Remove…
          </Button>
        </span>
      </div>
      {stopped ? (
        <p className="text-xs text-warn">
          Stopped <RelativeTime at={stopped.at} />: {stopped.because} Waking asks it for the challenge again; after{' '}
          {FORGOTTEN_DAYS} days it is forgotten.
        </p>
      ) : null}
      {waking.refusal ? <p className="text-xs text-bad">{waking.refusal.sentence}</p> : null}
    </li>
  );
}

function deliveries({ delivered, pending, dead, trouble }: SubscriberView): string {
  const parts = [`${delivered} delivered`, pending > 0 ? `${pending} waiting` : '', dead > 0 ? `${dead} given up` : ''];
  return [parts.filter(Boolean).join(', '), trouble].filter(Boolean).join('. ');
}

interface RemoveDialogProps {
  subscriber: SubscriberView;
  remove: StatusActions['removeSubscriber'];
  onClose: () => void;
}

function RemoveDialog({ subscriber: { id, origin }, remove, onClose }: RemoveDialogProps) {
  const removal = useAction(remove);
  return (
    <ConfirmDialog
      open
      onOpenChange={(next) => !next && onClose()}
      title={`Remove ${origin}?`}
      description="It is told nothing any more, and what waits to be sent goes with it. It can subscribe again."
      confirmLabel="Remove follower"
      tone="danger"
      error={removal.refusal?.sentence}
      onConfirm={async () => {
        const done = await removal.run({ subscriberId: id });
        if (done.ok) onClose();
      }}
    />
  );
}
