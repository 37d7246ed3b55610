import { ChevronDown } from 'lucide-react';
import type { ComponentProps } from 'react';
import { cn } from './cn';

/** 16 px on touch screens, so that a phone does not zoom into the field. */
const box = [
  'w-full min-w-0 rounded-md border border-control bg-surface text-sm text-ink pointer-coarse:text-lg',
  'hover:border-ink-faint aria-invalid:border-bad disabled:bg-raised disabled:text-ink-faint',
];

export function Input({ className, type = 'text', ...rest }: ComponentProps<'input'>) {
  return (
    <input type={type} {...rest} className={cn(box, 'h-8 px-2.5 read-only:bg-raised pointer-coarse:h-11', className)} />
  );
}

export function Textarea({ className, rows = 3, ...rest }: ComponentProps<'textarea'>) {
  return <textarea rows={rows} {...rest} className={cn(box, 'px-2.5 py-1.5 read-only:bg-raised', className)} />;
}

/** The browser's own select: the best one on a phone. */
export function NativeSelect({ className, children, ...rest }: ComponentProps<'select'>) {
  return (
    <span className={cn('relative block', className)}>
      <select {...rest} className={cn(box, 'h-8 appearance-none bg-surface pr-8 pl-2.5 pointer-coarse:h-11')}>
        {children}
      </select>
      <ChevronDown aria-hidden className="pointer-events-none absolute top-1/2 right-2.5 size-3.5 -translate-y-1/2" />
    </span>
  );
}
