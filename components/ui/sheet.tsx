'use client';

import * as Radix from 'radix-ui/dialog';
import { cn } from './cn';
import { DialogHead, type DialogProps } from './dialog';
import { useDialogFocus } from './dialog-focus';
import { floating, scrim } from './floating';

interface SheetProps extends Omit<DialogProps, 'size'> {
  /** `side` still comes from the bottom on a phone. */
  from?: 'side' | 'bottom';
}

const places = {
  side: 'inset-x-0 bottom-0 max-h-[88dvh] max-sm:rounded-b-none sm:inset-y-0 sm:left-auto sm:max-h-none sm:w-105 sm:rounded-none sm:border-y-0 sm:border-r-0',
  bottom: 'inset-x-0 bottom-0 max-h-[88dvh] rounded-b-none',
} as const;

/** A panel over the edge of the page that keeps the page in sight. */
export function Sheet({
  open,
  onOpenChange,
  trigger,
  title,
  description,
  children,
  footer,
  from = 'side',
}: SheetProps) {
  const focus = useDialogFocus();
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      {trigger ? <Radix.Trigger asChild>{trigger}</Radix.Trigger> : null}
      <Radix.Portal>
        <Radix.Overlay className={scrim} />
        <Radix.Content
          {...(description ? {} : { 'aria-describedby': undefined })}
          {...focus}
          className={cn(floating, 'fixed flex animate-sheet flex-col pb-[env(safe-area-inset-bottom)]', places[from])}
        >
          <DialogHead title={title} description={description} />
          <div className="min-h-0 flex-1 overflow-y-auto px-4 pb-4">{children}</div>
          {footer ? <div className="flex justify-end gap-2 border-t border-line px-4 py-3">{footer}</div> : null}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
