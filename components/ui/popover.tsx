'use client';

import * as Radix from 'radix-ui/popover';
import type { ReactNode } from 'react';
import { cn } from './cn';
import { floating } from './floating';

interface PopoverProps {
  trigger: ReactNode;
  /** Read out as the name of the panel. */
  label: string;
  children: ReactNode;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  align?: 'start' | 'center' | 'end';
  className?: string;
}

/** A small panel at its trigger, for what does not deserve a page. */
export function Popover({ trigger, label, children, open, onOpenChange, align = 'start', className }: PopoverProps) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          aria-label={label}
          align={align}
          sideOffset={6}
          collisionPadding={8}
          className={cn(floating, 'max-w-[calc(100vw-1rem)] p-3 text-sm', className)}
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
