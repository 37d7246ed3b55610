'use client';

import { type ReactNode, useState } from 'react';
import { Button } from './button';
import { Dialog, DialogClose, type DialogProps } from './dialog';
import { Field } from './field';
import { Input, Textarea } from './input';
import { Notice } from './notice';

export interface ConfirmDialogProps extends Pick<DialogProps, 'open' | 'onOpenChange' | 'trigger' | 'title'> {
  /** What will happen, what it will not touch, how to go back. */
  description: ReactNode;
  children?: ReactNode;
  /** A verb and its object: "Cancel deployment". */
  confirmLabel: string;
  tone?: 'primary' | 'danger';
  /** Ask for a reason; `required` will not go on without one. */
  reason?: { label?: string; hint?: string; required?: boolean };
  /** The word to type before the button works. */
  typedGuard?: string;
  disabledReason?: string | null | undefined;
  pending?: boolean;
  /** A sentence that says what to do, kept beside the buttons. */
  error?: string | null | undefined;
  onConfirm: (answer: { reason: string }) => void | Promise<void>;
}

function missing(props: ConfirmDialogProps, reason: string, typed: string): string | null {
  if (props.disabledReason) return props.disabledReason;
  if (props.typedGuard && typed.trim() !== props.typedGuard) return `Type ${props.typedGuard} first.`;
  if (props.reason?.required && reason.trim() === '') return 'Give a reason first.';
  return null;
}

/** Asks once, says what follows, and stays open until the caller closes it. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { open, onOpenChange, trigger, title, description, children, confirmLabel, tone = 'primary', error } = props;
  const [reason, setReason] = useState('');
  const [typed, setTyped] = useState('');
  const [running, setRunning] = useState(false);

  async function confirm() {
    setRunning(true);
    try {
      await props.onConfirm({ reason: reason.trim() });
    } finally {
      setRunning(false);
    }
  }

  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      trigger={trigger}
      title={title}
      description={description}
      size="sm"
      footer={
        <>
          <DialogClose asChild>
            <Button>Keep as it is</Button>
          </DialogClose>
          <Button
            variant={tone}
            pending={props.pending || running}
            disabledReason={missing(props, reason, typed)}
            onClick={confirm}
          >
            {confirmLabel}
          </Button>
        </>
      }
    >
      <div className="grid gap-3 empty:hidden">
        {children}
        {props.reason ? (
          <Field
            label={props.reason.label ?? 'Reason'}
            hint={props.reason.hint ?? 'Kept in the audit log.'}
            required={props.reason.required}
          >
            <Textarea rows={2} maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />
          </Field>
        ) : null}
        {props.typedGuard ? (
          <Field label={`Type ${props.typedGuard} to confirm`} required>
            <Input
              autoComplete="off"
              spellCheck={false}
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
            />
          </Field>
        ) : null}
        {error ? <Notice tone="bad" title={error} /> : null}
      </div>
    </Dialog>
  );
}
