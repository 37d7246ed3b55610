'use client';

import { useState } from 'react';
import { Button, type ButtonProps } from './button';
import type { ConfirmDialogProps } from './confirm-dialog';
import { Fetched, fetched } from './fetched';

const { Part: ConfirmDialog, warm } = fetched(() => import('./confirm-dialog').then((file) => file.ConfirmDialog));

interface ConfirmButtonProps extends Omit<ButtonProps, 'onClick'> {
  confirm: Omit<ConfirmDialogProps, 'open' | 'onOpenChange' | 'trigger' | 'onConfirm' | 'pending' | 'error'>;
  /** Resolves to null when done, or to a sentence that says what to do; then the dialog stays with it. */
  onConfirm: (answer: { reason: string }) => Promise<string | null>;
}

/** A button that asks before it acts. The dialog is fetched at the first sign of interest. */
export function ConfirmButton({ confirm, onConfirm, ...button }: ConfirmButtonProps) {
  const [open, setOpen] = useState<boolean | null>(null);
  const [error, setError] = useState<string | null>(null);

  async function run(answer: { reason: string }) {
    const sentence = await onConfirm(answer);
    setError(sentence);
    if (sentence === null) setOpen(false);
  }

  return (
    <>
      <Button
        {...button}
        aria-haspopup="dialog"
        onPointerEnter={warm}
        onFocus={warm}
        onClick={() => {
          setError(null);
          setOpen(true);
        }}
      />
      {open === null ? null : (
        <Fetched over>
          <ConfirmDialog {...confirm} open={open} onOpenChange={setOpen} error={error} onConfirm={run} />
        </Fetched>
      )}
    </>
  );
}
