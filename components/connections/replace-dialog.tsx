'use client';

import { type FormEvent, useId, useState } from 'react';
import { useAction } from '@/components/console/use-action';
import { Button } from '@/components/ui/button';
import { Dialog, DialogClose } from '@/components/ui/dialog';
import { Notice } from '@/components/ui/notice';
import { notify } from '@/components/ui/notify';
import type { ConnectionDetail } from '@/lib/connections/model/view';
import type { ConnectionDetailProps } from './connection-detail';
import { CredentialFields, type CredentialKind, credentialFrom } from './credential-fields';

interface ReplaceDialogProps extends Pick<ConnectionDetailProps, 'actions'> {
  connection: ConnectionDetail;
  onClose: () => void;
}

/** Another credential in place of the one that stands there, checked at once. */
export function ReplaceDialog({ connection, actions, onClose }: ReplaceDialogProps) {
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
          forms={connection.credentialForms}
          origin={connection.origin}
          errors={replacement.fields}
          app={connection.app}
        />
        {replacement.refusal ? <Notice tone="bad" live title={replacement.refusal.sentence} /> : null}
      </form>
    </Dialog>
  );
}
