'use client';

import { RefreshCw } from 'lucide-react';
import { useState } from 'react';
import { useAction } from '@/components/console/use-action';
import { Button } from '@/components/ui/button';
import { Code } from '@/components/ui/code';
import { later } from '@/components/ui/later';
import { Link } from '@/components/ui/link';
import { Notice } from '@/components/ui/notice';
import { Facts, Panel } from '@/components/ui/panel';
import { RelativeTime } from '@/components/ui/relative-time';
import type { ConnectionDetail } from '@/lib/connections/model/view';
import type { ConnectionDetailProps } from './connection-detail';
import { SecretOnce } from './secret-once';

const ConfirmDialog = later(() => import('@/components/ui/confirm-dialog').then((file) => file.ConfirmDialog));

interface WebhookPanelProps extends Pick<ConnectionDetailProps, 'actions' | 'disabledReason'> {
  connection: ConnectionDetail;
  url: string;
}

/** Deliveries make the console faster; without them it asks by itself. */
export function WebhookPanel({ connection, actions, url, disabledReason }: WebhookPanelProps) {
  const { webhook } = connection;
  const [confirming, setConfirming] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const making = useAction(actions.setWebhookSecret);
  const ending = useAction(actions.endWebhookRotation);

  async function make() {
    const made = await making.run({ id: connection.id });
    if (!made.ok) return;
    setConfirming(false);
    setSecret(made.value.secret);
  }

  return (
    <Panel
      title="Webhooks"
      actions={
        <Button
          size="sm"
          icon={<RefreshCw aria-hidden />}
          pending={making.pending}
          disabledReason={disabledReason}
          onClick={webhook.configured ? () => setConfirming(true) : make}
        >
          {webhook.configured ? 'Rotate secret…' : 'Make a secret'}
        </Button>
      }
    >
      <div className="grid gap-4">
        {secret ? <SecretOnce label="Webhook secret" value={secret} onDone={() => setSecret(null)} /> : null}
        {making.refusal ? <Notice tone="bad" live title={making.refusal.sentence} /> : null}
        {webhook.configured ? null : (
          <Notice tone="neutral" title="No webhook yet: status is asked for every few seconds">
            Make a secret, then add a webhook at the provider with this address and that secret. Changes then show at
            once.
          </Notice>
        )}
        <div className="grid gap-1.5">
          <p className="text-xs text-ink-faint">Address for the provider, content type application/json</p>
          <Code label="Webhook address">{url}</Code>
        </div>
        {webhook.rotating ? (
          <Notice
            tone="warn"
            title="Two secrets count at the moment"
            action={
              <Button
                size="sm"
                pending={ending.pending}
                disabledReason={disabledReason}
                onClick={() => ending.run({ id: connection.id })}
              >
                End the rotation
              </Button>
            }
          >
            {ending.refusal?.sentence ?? 'Once the provider uses the new one, let the former go.'}
          </Notice>
        ) : null}
        <Deliveries connection={connection} />
      </div>
      {confirming ? (
        <ConfirmDialog
          open
          onOpenChange={setConfirming}
          title="Rotate the webhook secret?"
          description="A new secret is made and shown once. The present one stays valid until you end the rotation, so no delivery is lost."
          confirmLabel="Make a new secret"
          pending={making.pending}
          error={making.refusal?.sentence}
          onConfirm={make}
        />
      ) : null}
    </Panel>
  );
}

function Deliveries({ connection }: { connection: ConnectionDetail }) {
  const { received, failed, duplicates, lastAt } = connection.webhook.deliveries;
  const href = `/connections/${connection.id}/deliveries`;
  return (
    <Facts
      items={[
        { name: 'Last received', value: lastAt ? <RelativeTime at={lastAt} /> : 'none in 24 hours' },
        {
          name: 'In 24 hours',
          value: (
            <Link
              href={href}
              className="rounded-sm underline decoration-line-strong underline-offset-3 hover:decoration-current"
            >
              {received} received
            </Link>
          ),
        },
        {
          name: 'Failed',
          value:
            failed > 0 ? (
              <Link
                href={`${href}?state=failed`}
                className="rounded-sm font-medium text-bad underline underline-offset-3"
              >
                {failed}
              </Link>
            ) : (
              'none'
            ),
        },
        { name: 'Came twice', value: duplicates },
      ]}
    />
  );
}
