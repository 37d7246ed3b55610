'use client';

import { type FormEvent, useId } from 'react';
import { useAction } from '@/components/console/use-action';
import { Button } from '@/components/ui/button';
import { Dialog, DialogClose } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import type { OwnTokenView } from '@/lib/connections/model/own-token';
import type { OwnTokensProps } from './own-tokens';

interface DialogProps extends Pick<OwnTokensProps, 'store'> {
  row: OwnTokenView;
  onClose: () => void;
}

/** The provider is asked whose it is before anything is stored. */
export function OwnTokenDialog({ row: { connection, needs, madeAt }, store, onClose }: DialogProps) {
  const formId = useId();
  const storing = useAction(store);
  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const token = String(new FormData(event.currentTarget).get('token') ?? '');
    const done = await storing.run({ connectionId: connection.id, origin: connection.origin, token });
    if (done.ok) onClose();
  }
  return (
    <Dialog
      open
      onOpenChange={(next) => !next && onClose()}
      title={`Your token for “${connection.name}”`}
      description={`Sent to ${connection.origin} only, sealed at rest, and used only when you press a button.`}
      footer={
        <>
          <DialogClose asChild>
            <Button>Do not store one</Button>
          </DialogClose>
          <Button type="submit" form={formId} variant="primary" pending={storing.pending}>
            Ask whose it is, and store it
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} noValidate className="grid gap-4">
        <Field label="Token" required hint={`It needs: ${needs}.`} error={storing.fields.token}>
          <Input name="token" type="password" autoComplete="off" spellCheck={false} />
        </Field>
        <p className="text-xs text-ink-faint">
          Make one at{' '}
          <a href={madeAt} target="_blank" rel="noreferrer" className="underline underline-offset-3">
            {connection.providerLabel}
          </a>
          , of your own account, with an end in sight.
        </p>
        {storing.refusal ? <Notice tone="bad" live title={storing.refusal.sentence} /> : null}
      </form>
    </Dialog>
  );
}
