'use client';

import { X } from 'lucide-react';
import * as Radix from 'radix-ui/dialog';
import type { ReactNode } from 'react';
import { IconButton } from './button';
import { cn } from './cn';
import { useDialogFocus } from './dialog-focus';
import { floating, scrim } from './floating';

export interface DialogProps {
  /** Controlled; or leave both out and give a `trigger`. */
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  /** One focusable element that opens it. */
  trigger?: ReactNode;
  title: ReactNode;
  description?: ReactNode;
  children?: ReactNode;
  /** Buttons, right-aligned; the safest first. */
  footer?: ReactNode;
  size?: 'sm' | 'md' | 'lg';
}

const widths = { sm: 'sm:max-w-100', md: 'sm:max-w-130', lg: 'sm:max-w-200' } as const;

/** A modal: in the middle on a desk, from the bottom edge on a phone. Escape and the scrim close it. */
export function Dialog({
  open,
  onOpenChange,
  trigger,
  title,
  description,
  children,
  footer,
  size = 'md',
}: DialogProps) {
  const focus = useDialogFocus();
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      {trigger ? <Radix.Trigger asChild>{trigger}</Radix.Trigger> : null}
      <Radix.Portal>
        <Radix.Overlay className={scrim} />
        <Radix.Content
          {...(description ? {} : { 'aria-describedby': undefined })}
          {...focus}
          className={cn(
            floating,
            'fixed inset-x-0 bottom-0 flex max-h-[92dvh] flex-col max-sm:animate-sheet max-sm:rounded-b-none',
            'sm:inset-x-4 sm:top-[12vh] sm:bottom-auto sm:mx-auto sm:max-h-[76vh]',
            widths[size],
          )}
        >
          <DialogHead title={title} description={description} />
          {children ? <div className="min-h-0 flex-1 overflow-y-auto px-4 pb-4">{children}</div> : null}
          {footer ? (
            <div className="flex flex-wrap justify-end gap-2 border-t border-line px-4 py-3 max-sm:[&>*]:flex-1">
              {footer}
            </div>
          ) : null}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** Title row of a modal or a sheet, with the close button. */
export function DialogHead({ title, description }: Pick<DialogProps, 'title' | 'description'>) {
  return (
    <div className="flex items-start gap-3 px-4 pt-3.5 pb-3">
      <div className="min-w-0 flex-1">
        <Radix.Title className="text-base font-semibold">{title}</Radix.Title>
        {description ? (
          <Radix.Description className="mt-0.5 text-sm text-ink-soft">{description}</Radix.Description>
        ) : null}
      </div>
      <Radix.Close asChild>
        <IconButton label="Close" icon={<X aria-hidden />} size="sm" className="-mt-0.5 -mr-1.5 pointer-coarse:h-11" />
      </Radix.Close>
    </div>
  );
}

/** Put around a button of the footer that only closes. */
export const DialogClose = Radix.Close;
