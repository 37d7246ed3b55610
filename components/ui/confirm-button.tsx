'use client';

import { lazy, Suspense, useState } from 'react';
import { Button, type ButtonProps } from './button';
import type { ConfirmDialogProps } from './confirm-dialog';

const loadDialog = () => import('./confirm-dialog').then((file) => ({ default: file.ConfirmDialog }));
const ConfirmDialog = lazy(loadDialog);

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
        onPointerEnter={() => void loadDialog()}
        onFocus={() => void loadDialog()}
        onClick={() => {
          setError(null);
          setOpen(true);
        }}
      />
      {open === null ? null : (
        <Suspense>
          <ConfirmDialog {...confirm} open={open} onOpenChange={setOpen} error={error} onConfirm={run} />
        </Suspense>
      )}
    </>
  );
}
