import type { ComponentProps, ReactNode } from 'react';
import { cn } from './cn';
import { Link } from './link';

interface TableProps {
  /** Names the table; visible only with `showCaption`. */
  caption: string;
  showCaption?: boolean;
  children: ReactNode;
  /** On a phone each row becomes a card, each cell behind its `label`; otherwise the table scrolls sideways. */
  stack?: boolean;
  /** Keeps the head in sight inside this height, for example "max-h-96". */
  heightClass?: string;
  className?: string;
}

/** A dense table in its own scroll box: TableHead, TableBody, Row, Th, Td, RowLink. */
export function Table({ caption, showCaption = false, children, stack = false, heightClass, className }: TableProps) {
  return (
    <section
      aria-label={caption}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroll box must be reachable by keyboard.
      tabIndex={0}
      className={cn('min-w-0 overflow-x-auto -outline-offset-2', heightClass && ['overflow-y-auto', heightClass])}
    >
      <table className={cn('w-full border-separate border-spacing-0 text-sm', stack && 'table-stack', className)}>
        <caption className={showCaption ? 'px-3 pb-2 text-left text-xs text-ink-faint' : 'sr-only'}>{caption}</caption>
        {children}
      </table>
    </section>
  );
}

export function TableHead({ children }: { children: ReactNode }) {
  return (
    <thead>
      <tr>{children}</tr>
    </thead>
  );
}

export function TableBody({ className, ...rest }: ComponentProps<'tbody'>) {
  return <tbody {...rest} className={cn('[&>tr:last-child>*]:border-b-0', className)} />;
}

/** `relative`, so that a RowLink inside can cover it. */
export function Row({ className, ...rest }: ComponentProps<'tr'>) {
  return <tr {...rest} className={cn('group relative hover:bg-raised/60', className)} />;
}

type Align = 'start' | 'end' | 'center';

const aligns = { start: 'text-start', end: 'text-end', center: 'text-center' } as const satisfies Record<Align, string>;

export function Th({ className, align = 'start', ...rest }: Omit<ComponentProps<'th'>, 'align'> & { align?: Align }) {
  return (
    <th
      scope="col"
      {...rest}
      className={cn(
        'sticky top-0 z-10 h-8 whitespace-nowrap border-b border-line bg-surface px-3 text-xs sm:first:pl-4 sm:last:pr-4 font-medium text-ink-faint',
        aligns[align],
        className,
      )}
    />
  );
}

interface TdProps extends Omit<ComponentProps<'td'>, 'align'> {
  /** The column's name, shown before the value when the row is a card. */
  label?: string;
  align?: Align;
}

export function Td({ className, label, align = 'start', children, ...rest }: TdProps) {
  return (
    <td
      {...rest}
      data-label={label}
      className={cn(
        'h-10 whitespace-nowrap border-b border-line px-3 py-1.5 sm:first:pl-4 sm:last:pr-4',
        aligns[align],
        className,
      )}
    >
      {children}
    </td>
  );
}

/** The one link of a row; the whole row answers to it. Other controls in the row need `relative`. */
export function RowLink({ className, ...rest }: ComponentProps<typeof Link>) {
  return (
    <Link
      {...rest}
      className={cn(
        'font-medium after:absolute after:inset-0 hover:underline focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent',
        className,
      )}
    />
  );
}
