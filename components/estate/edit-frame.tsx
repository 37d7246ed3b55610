'use client';

import { type FormEvent, type ReactNode, useId } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog, DialogClose } from '@/components/ui/dialog';
import { Notice } from '@/components/ui/notice';
import type { Refusal } from '@/lib/kernel/errors';

interface EditFrameProps {
  title: string;
  /** What the button does: "Add environment". */
  submit: string;
  pending: boolean;
  refusal: Refusal | null;
  /** Why it cannot be sent and who can lift that. */
  disabledReason?: string | null;
  size?: 'sm' | 'md';
  onSubmit: (form: FormData) => void;
  onClose: () => void;
  children: ReactNode;
}

/** A form in a dialog; what was typed stays when it is refused. */
export function EditFrame({
  title,
  submit,
  pending,
  refusal,
  disabledReason = null,
  size = 'sm',
  onSubmit,
  onClose,
  children,
}: EditFrameProps) {
  const formId = useId();

  function send(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    onSubmit(new FormData(event.currentTarget));
  }

  return (
    <Dialog
      open
      onOpenChange={(next) => !next && onClose()}
      title={title}
      size={size}
      footer={
        <>
          <DialogClose asChild>
            <Button>Cancel</Button>
          </DialogClose>
          <Button type="submit" form={formId} variant="primary" pending={pending} disabledReason={disabledReason}>
            {submit}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={send} noValidate className="grid gap-4">
        {children}
        {refusal ? <Notice tone="bad" live title={refusal.sentence} /> : null}
      </form>
    </Dialog>
  );
}
