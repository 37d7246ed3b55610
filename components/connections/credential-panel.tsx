'use client';

import { KeyRound } from 'lucide-react';
import { type FormEvent, useId, useState } from 'react';
import { useAction } from '@/components/console/use-action';
import { Button } from '@/components/ui/button';
import { Dialog, DialogClose } from '@/components/ui/dialog';
import { Notice } from '@/components/ui/notice';
import { notify } from '@/components/ui/notify';
import { Facts, Panel } from '@/components/ui/panel';
import type { ConnectionDetail } from '@/lib/connections/model/view';
import type { ConnectionDetailProps } from './connection-detail';
import { CredentialFields, type CredentialKind, credentialFrom } from './credential-fields';

interface CredentialPanelProps extends Pick<ConnectionDetailProps, 'actions' | 'disabledReason'> {
  connection: ConnectionDetail;
}

/** Which credential stands there; it can be replaced and never read. */
export function CredentialPanel({ connection, actions, disabledReason }: CredentialPanelProps) {
  const { credential, app } = connection;
  const [open, setOpen] = useState(false);
  const ids = app
    ? [
        { name: 'App id', value: app.appId },
        { name: 'Installation id', value: app.installationId },
      ]
    : [];
  return (
    <Panel
      title="Credential"
      actions={
        <Button size="sm" icon={<KeyRound aria-hidden />} onClick={() => setOpen(true)} disabledReason={disabledReason}>
          {credential.present ? 'Replace…' : 'Enter…'}
        </Button>
      }
    >
      <Facts
        items={[
          { name: 'Kind', value: credential.kind === 'app' ? 'App with a private key' : 'Access token' },
          {
            name: 'Stored',
            value: credential.present
              ? `sealed${credential.last4 ? `, ends in ${credential.last4}` : ''}`
              : 'no, enter one to use this connection',
          },
          { name: 'Sent only to', value: connection.origin },
          ...ids,
        ]}
      />
      {open ? <ReplaceDialog connection={connection} actions={actions} onClose={() => setOpen(false)} /> : null}
    </Panel>
  );
}

function ReplaceDialog({
  connection,
  actions,
  onClose,
}: Pick<CredentialPanelProps, 'connection' | 'actions'> & { onClose: () => void }) {
  const formId = useId();
  const replacement = useAction(actions.setCredential);
  const check = useAction(actions.verify);
  const [kind, setKind] = useState<CredentialKind>(connection.credential.kind);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const credential = credentialFrom(new FormData(event.currentTarget), kind);
    const done = await replacement.run({ id: connection.id, credential });
    if (!done.ok) return;
    const checked = await check.run({ id: connection.id });
    onClose();
    if (checked.ok && checked.value.ok)
      notify({ tone: 'good', title: `The new credential works, as ${checked.value.account}` });
    else notify({ tone: 'warn', title: 'Stored, but the check did not succeed', body: 'Health says what is wrong.' });
  }

  return (
    <Dialog
      open
      onOpenChange={(next) => !next && onClose()}
      title="Replace the credential"
      description="The one before is overwritten. The new one is checked at once."
      footer={
        <>
          <DialogClose asChild>
            <Button>Keep the present one</Button>
          </DialogClose>
          <Button type="submit" form={formId} variant="primary" pending={replacement.pending || check.pending}>
            Replace and check
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} noValidate className="grid gap-4">
        <CredentialFields
          kinds={connection.credentialKinds}
          kind={kind}
          onKindChange={setKind}
          errors={replacement.fields}
          app={connection.app}
        />
        {replacement.refusal ? <Notice tone="bad" live title={replacement.refusal.sentence} /> : null}
      </form>
    </Dialog>
  );
}
