'use client';

import { Ellipsis, Pencil, Power, Send, Trash2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { SecretOnce } from '@/components/connections/secret-once';
import { useAction } from '@/components/console/use-action';
import { Breadcrumbs } from '@/components/ui/breadcrumbs';
import { Button } from '@/components/ui/button';
import { later } from '@/components/ui/later';
import { MenuButton } from '@/components/ui/menu-button';
import { Notice } from '@/components/ui/notice';
import { notify } from '@/components/ui/notify';
import { PageHeader } from '@/components/ui/page-header';
import type { SubscriptionView } from '@/lib/notifications/model/view';
import type { SubscriptionActions } from './subscription-actions';
import { KIND_WORDS, SubscriptionState } from './subscription-table';

const ConfirmDialog = later(() => import('@/components/ui/confirm-dialog').then((file) => file.ConfirmDialog));
const EditDialog = later(() => import('./edit-dialog').then((file) => file.EditDialog));

/** A receiver that is well has answered by then; the page looks once more. */
const ANSWER_MS = 3_000;

interface SubscriptionHeadProps {
  subscription: SubscriptionView;
  actions: Omit<SubscriptionActions, 'subscribe' | 'redeliver'>;
}

/** Name, state and what can be done with a receiver. */
export function SubscriptionHead({ subscription, actions }: SubscriptionHeadProps) {
  const router = useRouter();
  const testing = useAction(actions.test);
  const switching = useAction(actions.toggle);
  const [dialog, setDialog] = useState<'edit' | 'remove' | null>(null);
  const [secret, setSecret] = useState<string | null>(null);
  const { id, name } = subscription;
  const off = subscription.disabledAt !== null;
  const refusal = testing.refusal ?? switching.refusal;

  async function test() {
    const done = await testing.run({ id });
    if (!done.ok) return;
    notify({ tone: 'good', title: 'A test is on its way; its answer appears in the list', id: 'test' });
    setTimeout(() => router.refresh(), ANSWER_MS);
  }

  return (
    <>
      <PageHeader
        above={<Breadcrumbs items={[{ label: 'Notifications', href: '/subscriptions' }, { label: name }]} />}
        title={<bdi>{name}</bdi>}
        marks={<SubscriptionState subscription={subscription} />}
        description={describe(subscription)}
        actions={
          <>
            <Button
              variant="primary"
              icon={<Send aria-hidden />}
              pending={testing.pending}
              disabledReason={off ? 'It is off. Turn it on first.' : null}
              onClick={test}
            >
              Send a test
            </Button>
            <MoreMenu off={off} open={setDialog} toggle={() => void switching.run({ id, enabled: off })} />
          </>
        }
      />
      {refusal ? <Notice tone="bad" live title={refusal.sentence} className="mb-3" /> : null}
      {secret ? <SecretOnce label="New signing secret" value={secret} onDone={() => setSecret(null)} /> : null}
      {dialog === 'edit' ? (
        <EditDialog
          key={subscription.version}
          subscription={subscription}
          update={actions.update}
          onClose={() => setDialog(null)}
          onSecret={setSecret}
        />
      ) : null}
      {dialog === 'remove' ? (
        <RemoveDialog subscription={subscription} remove={actions.remove} onClose={() => setDialog(null)} />
      ) : null}
    </>
  );
}

function describe({ kind, origin, events, environmentPattern }: SubscriptionView): string {
  const what = events.includes('*') ? 'everything' : events.join(', ');
  return `${KIND_WORDS[kind]} to ${origin}: ${what}, on ${environmentPattern === '*' ? 'all environments' : environmentPattern}`;
}

interface MoreMenuProps {
  off: boolean;
  open: (dialog: 'edit' | 'remove') => void;
  toggle: () => void;
}

function MoreMenu({ off, open, toggle }: MoreMenuProps) {
  return (
    <MenuButton
      button={{ kind: 'icon', label: 'More', variant: 'secondary', icon: <Ellipsis aria-hidden /> }}
      entries={[
        { kind: 'action', id: 'edit', label: 'Change…', icon: <Pencil aria-hidden />, onSelect: () => open('edit') },
        {
          kind: 'action',
          id: 'switch',
          label: off ? 'Turn on' : 'Turn off',
          icon: <Power aria-hidden />,
          onSelect: toggle,
        },
        {
          kind: 'action',
          id: 'remove',
          label: 'Remove…',
          icon: <Trash2 aria-hidden />,
          tone: 'danger',
          onSelect: () => open('remove'),
        },
      ]}
    />
  );
}

interface RemoveDialogProps extends Pick<SubscriptionActions, 'remove'> {
  subscription: SubscriptionView;
  onClose: () => void;
}

function RemoveDialog({ subscription: { id, version, name }, remove, onClose }: RemoveDialogProps) {
  const router = useRouter();
  const removal = useAction(remove);
  return (
    <ConfirmDialog
      open
      onOpenChange={(next) => !next && onClose()}
      title={`Remove ${name}?`}
      description="Its address, its secret and its list of messages are deleted. The audit log keeps that it was there."
      confirmLabel="Remove receiver"
      tone="danger"
      error={removal.refusal?.sentence}
      onConfirm={async () => {
        const done = await removal.run({ id, version });
        if (done.ok) router.push('/subscriptions');
      }}
    />
  );
}
