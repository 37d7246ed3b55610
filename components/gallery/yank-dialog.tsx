'use client';

import { type FormEvent, useId } from 'react';
import { useAction } from '@/components/console/use-action';
import { Button } from '@/components/ui/button';
import { Dialog, DialogClose } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import type { VersionActionsProps, Which } from './version-actions';

interface YankDialogProps extends Pick<VersionActionsProps, 'yank'> {
  called: string;
  which: Which;
  onClose: () => void;
}

/** Why a version is taken from the gallery; the reason stays with it. */
export function YankDialog({ called, which, yank, onClose }: YankDialogProps) {
  const formId = useId();
  const taking = useAction(yank);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const reason = String(new FormData(event.currentTarget).get('reason') ?? '');
    const done = await taking.run({ ...which, reason });
    if (done.ok) onClose();
  }

  return (
    <Dialog
      open
      onOpenChange={(next) => !next && onClose()}
      title={`Yank ${called}`}
      description="Editors neither find nor install it any more. Who has it keeps it: publish a newer version to reach them."
      footer={
        <>
          <DialogClose asChild>
            <Button>Leave it there</Button>
          </DialogClose>
          <Button type="submit" form={formId} variant="danger" pending={taking.pending}>
            Yank it
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} noValidate className="grid gap-3">
        <Field
          label="Reason"
          required
          hint="Everybody who looks at this version reads it."
          error={taking.fields.reason}
        >
          <Input name="reason" autoComplete="off" maxLength={300} />
        </Field>
        {taking.refusal ? <Notice tone="bad" live title={taking.refusal.sentence} /> : null}
      </form>
    </Dialog>
  );
}
