'use client';

import { Dialog } from '@/components/ui/dialog';
import { Kbd } from '@/components/ui/kbd';
import type { NavItem } from './shell-types';

interface ShortcutsDialogProps {
  nav: readonly NavItem[];
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** Every key of the console, made from the same list that makes them work. */
export function ShortcutsDialog({ nav, open, onOpenChange }: ShortcutsDialogProps) {
  const places = nav.flatMap((item) => (item.key ? [{ keys: ['g', item.key], does: item.label }] : []));
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Keyboard shortcuts" size="sm">
      <ShortcutList
        title="Anywhere"
        lines={[
          { keys: ['⌘', 'K'], also: ['Ctrl', 'K'], does: 'Search and commands' },
          { keys: ['/'], does: 'Search and commands' },
          { keys: ['?'], does: 'This list' },
          { keys: ['Esc'], does: 'Close what is open' },
        ]}
      />
      <ShortcutList title="Go to" lines={places} />
    </Dialog>
  );
}

interface Line {
  keys: string[];
  also?: string[];
  does: string;
}

function ShortcutList({ title, lines }: { title: string; lines: Line[] }) {
  return (
    <section className="mb-4 last:mb-0">
      <h3 className="mb-1 text-xs font-medium text-ink-faint">{title}</h3>
      <dl>
        {lines.map((line) => (
          <div
            key={line.keys.join(' ')}
            className="flex items-center justify-between border-b border-line py-1.5 last:border-0"
          >
            <dt className="text-sm">{line.does}</dt>
            <dd className="flex items-center gap-1.5 text-xs text-ink-faint">
              <Kbd keys={line.keys} />
              {line.also ? (
                <>
                  or <Kbd keys={line.also} />
                </>
              ) : null}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
