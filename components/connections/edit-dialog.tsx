'use client';

import { type FormEvent, useId, useState } from 'react';
import { useAction } from '@/components/console/use-action';
import { Button } from '@/components/ui/button';
import { Dialog, DialogClose } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import type { ConnectionDetail } from '@/lib/connections/model/view';
import type { ConnectionActions } from './connection-actions';

interface EditDialogProps extends Pick<ConnectionActions, 'update'> {
  open: boolean;
  onClose: () => void;
  connection: ConnectionDetail;
}

/** Another name, or another address; the latter costs the credential, and says so before. */
export function EditDialog({ open, onClose, connection, update }: EditDialogProps) {
  const formId = useId();
  const change = useAction(update);
  const [origin, setOrigin] = useState(connection.origin);
  const moves = origin.trim() !== connection.origin;

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get('name') ?? '');
    const done = await change.run({ id: connection.id, version: connection.version, name, origin });
    if (done.ok) onClose();
  }

  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title="Rename or move"
      size="sm"
      footer={
        <>
          <DialogClose asChild>
            <Button>Keep as it is</Button>
          </DialogClose>
          <Button type="submit" form={formId} variant={moves ? 'danger' : 'primary'} pending={change.pending}>
            {moves ? 'Move and remove secrets' : 'Save'}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} noValidate className="grid gap-4">
        <Field label="Name" required error={change.fields.name}>
          <Input name="name" defaultValue={connection.name} maxLength={80} autoComplete="off" />
        </Field>
        <Field label="Address of the API" required error={change.fields.origin}>
          <Input
            type="url"
            value={origin}
            onChange={(event) => setOrigin(event.target.value)}
            autoComplete="off"
            className="font-mono"
          />
        </Field>
        {moves ? (
          <Notice tone="warn" title="Another address removes the credential and the webhook secret">
            They were entered for {connection.origin}
            {connection.authorities.trusted.length > 0 ? ', as its certificate authority was' : ''}; enter them again
            afterwards.
          </Notice>
        ) : null}
        {change.refusal ? <Notice tone="bad" live title={change.refusal.sentence} /> : null}
      </form>
    </Dialog>
  );
}
