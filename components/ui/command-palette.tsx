'use client';

import { Command } from 'cmdk';
import { Search } from 'lucide-react';
import * as Radix from 'radix-ui/dialog';
import type { ReactNode } from 'react';
import { cn } from './cn';
import { useDialogFocus } from './dialog-focus';
import { floating, scrim } from './floating';
import { Kbd } from './kbd';

export interface CommandItem {
  id: string;
  label: string;
  icon?: ReactNode;
  /** Right of the label, quiet. */
  hint?: ReactNode;
  /** Other words that find it. */
  keywords?: string[];
  shortcut?: readonly string[];
  onSelect: () => void;
}

export interface CommandGroup {
  heading: string;
  items: readonly CommandItem[];
}

interface CommandPaletteProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  groups: readonly CommandGroup[];
  placeholder?: string;
  query?: string;
  onQueryChange?: (query: string) => void;
  /** False when the groups are already what the query asks for. */
  filter?: boolean;
  emptyText?: ReactNode;
}

/** Everything by name. Heavy: load it when it is first opened. */
export function CommandPalette(props: CommandPaletteProps) {
  const { open, onOpenChange, groups, placeholder = 'Go to, or do…', query, onQueryChange, filter = true } = props;
  const focus = useDialogFocus();
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className={scrim} />
        <Radix.Content
          aria-describedby={undefined}
          {...focus}
          className={cn(
            floating,
            'fixed inset-x-2 top-2 mx-auto overflow-hidden sm:inset-x-4 sm:top-[14vh] sm:max-w-150',
          )}
        >
          <Radix.Title className="sr-only">Command palette</Radix.Title>
          <Command label="Command palette" shouldFilter={filter} loop>
            <div className="relative border-b border-line">
              <Search aria-hidden className="absolute top-1/2 left-3.5 size-4 -translate-y-1/2 text-ink-faint" />
              <Command.Input
                value={query}
                onValueChange={onQueryChange}
                placeholder={placeholder}
                className="h-11 w-full bg-transparent pr-4 pl-10 text-base outline-none pointer-coarse:text-lg"
              />
            </div>
            <Command.List className="max-h-[min(24rem,60dvh)] overflow-y-auto p-1.5">
              <Command.Empty className="px-3 py-8 text-center text-sm text-ink-faint">
                {props.emptyText ?? 'Nothing by that name.'}
              </Command.Empty>
              {groups.map((group) => (
                <PaletteGroup key={group.heading} group={group} close={() => onOpenChange(false)} />
              ))}
            </Command.List>
          </Command>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

function PaletteGroup({ group, close }: { group: CommandGroup; close: () => void }) {
  return (
    <Command.Group
      heading={group.heading}
      className="[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-ink-faint"
    >
      {group.items.map((item) => (
        <Command.Item
          key={item.id}
          value={`${item.label} ${item.id}`}
          keywords={item.keywords}
          onSelect={() => {
            close();
            item.onSelect();
          }}
          className="flex min-h-9 cursor-pointer items-center gap-2.5 rounded px-2 text-sm data-[selected=true]:bg-raised pointer-coarse:min-h-11 [&>svg]:size-4 [&>svg]:shrink-0 [&>svg]:text-ink-faint"
        >
          {item.icon}
          <span className="min-w-0 flex-1 truncate">{item.label}</span>
          {item.hint ? <span className="truncate text-xs text-ink-faint">{item.hint}</span> : null}
          {item.shortcut ? <Kbd keys={item.shortcut} className="max-sm:hidden" /> : null}
        </Command.Item>
      ))}
    </Command.Group>
  );
}
