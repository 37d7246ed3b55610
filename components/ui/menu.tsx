'use client';

import * as Radix from 'radix-ui/dropdown-menu';
import type { ReactNode } from 'react';
import { cn } from './cn';
import { floating, menuRow } from './floating';
import { Link } from './link';

export type MenuEntry =
  | { kind: 'heading'; id: string; label: ReactNode }
  | { kind: 'separator'; id: string }
  | { kind: 'link'; id: string; label: ReactNode; href: string; icon?: ReactNode; external?: boolean }
  | {
      kind: 'action';
      id: string;
      label: ReactNode;
      onSelect: () => void;
      icon?: ReactNode;
      tone?: 'danger';
      /** Shown under the label; the entry stays readable and cannot be chosen. */
      disabledReason?: string | null;
    };

interface MenuProps {
  trigger: ReactNode;
  entries: readonly MenuEntry[];
  align?: 'start' | 'end';
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
}

/** Menus stay inside the dialog or the main part they belong to, so that screen readers meet them there. */
function landmark(): HTMLElement | null {
  if (typeof document === 'undefined') return null;
  return document.querySelector<HTMLElement>('[role="dialog"]') ?? document.querySelector('main');
}

/** A dropdown of actions and links at its trigger. */
export function Menu({ trigger, entries, align = 'end', open, onOpenChange }: MenuProps) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange} modal={false}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal container={landmark()}>
        <Radix.Content
          align={align}
          sideOffset={6}
          collisionPadding={8}
          className={cn(floating, 'min-w-48 max-w-[calc(100vw-1rem)] p-1')}
        >
          {entries.map((entry) => (
            <MenuLine key={entry.id} entry={entry} />
          ))}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

function MenuLine({ entry }: { entry: MenuEntry }) {
  switch (entry.kind) {
    case 'heading':
      return <Radix.Label className="px-2 py-1.5 text-xs text-ink-faint">{entry.label}</Radix.Label>;
    case 'separator':
      return <Radix.Separator className="-mx-1 my-1 h-px bg-line" />;
    case 'link':
      return (
        <Radix.Item asChild className={menuRow}>
          <Link href={entry.href} {...(entry.external ? { target: '_blank', rel: 'noreferrer' } : {})}>
            {entry.icon}
            {entry.label}
          </Link>
        </Radix.Item>
      );
    case 'action':
      return (
        <Radix.Item
          className={cn(menuRow, entry.tone === 'danger' && 'text-bad [&>svg]:text-bad')}
          aria-disabled={entry.disabledReason ? true : undefined}
          data-disabled={entry.disabledReason ? '' : undefined}
          onSelect={(event) => (entry.disabledReason ? event.preventDefault() : entry.onSelect())}
        >
          {entry.icon}
          <span className="min-w-0">
            {entry.label}
            {entry.disabledReason ? (
              <span className="block max-w-64 pb-1 text-xs text-ink-faint">{entry.disabledReason}</span>
            ) : null}
          </span>
        </Radix.Item>
      );
  }
}
