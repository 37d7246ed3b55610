'use client';

import { PanelLeft } from 'lucide-react';
import { usePathname } from 'next/navigation';
import { IconButton } from '@/components/ui/button';
import { Link } from '@/components/ui/link';
import { Brand } from './brand';
import { NavBadge } from './nav-badge';
import { isHere, type NavItem } from './shell-types';
import { useNarrowRail } from './stored-choice';

function grouped(nav: readonly NavItem[]): { group: string; items: NavItem[] }[] {
  const groups: { group: string; items: NavItem[] }[] = [];
  for (const item of nav) {
    const group = item.group ?? '';
    const last = groups.at(-1);
    if (last?.group === group) last.items.push(item);
    else groups.push({ group, items: [item] });
  }
  return groups;
}

/** The left rail of wide screens; narrows to icons on demand. */
export function Rail({ nav, homeHref }: { nav: readonly NavItem[]; homeHref: string }) {
  const pathname = usePathname();
  const [narrow, toggle] = useNarrowRail();
  return (
    <aside className="sticky top-0 hidden h-dvh w-54 shrink-0 flex-col border-r border-line bg-surface rail-narrow:w-13 lg:flex">
      <div className="flex h-12 items-center px-4">
        <Brand href={homeHref} labelClass="rail-narrow:sr-only" />
      </div>
      <nav aria-label="Main" className="min-h-0 flex-1 overflow-y-auto px-2 py-2">
        {grouped(nav).map(({ group, items }) => (
          <div key={group} className="mb-3">
            {group ? (
              <h2 className="px-2 pt-1 pb-1.5 text-2xs font-medium text-ink-faint rail-narrow:sr-only">{group}</h2>
            ) : null}
            <ul className="grid gap-px">
              {items.map((item) => (
                <li key={item.href}>
                  <RailLink item={item} here={isHere(pathname, item.href)} narrow={narrow} />
                </li>
              ))}
            </ul>
          </div>
        ))}
      </nav>
      <div className="border-t border-line p-2">
        <IconButton
          label={narrow ? 'Widen the menu' : 'Narrow the menu'}
          aria-expanded={!narrow}
          icon={<PanelLeft aria-hidden />}
          onClick={toggle}
        />
      </div>
    </aside>
  );
}

function RailLink({ item, here, narrow }: { item: NavItem; here: boolean; narrow: boolean }) {
  return (
    <Link
      href={item.href}
      aria-current={here ? 'page' : undefined}
      title={narrow ? item.label : undefined}
      className="relative flex h-8 items-center gap-2.5 rounded-md px-2.5 text-sm text-ink-soft hover:bg-raised hover:text-ink aria-[current=page]:bg-raised aria-[current=page]:font-medium aria-[current=page]:text-ink [&>svg]:size-4 [&>svg]:shrink-0 aria-[current=page]:[&>svg]:text-accent"
    >
      {item.icon}
      <span className="min-w-0 flex-1 truncate rail-narrow:sr-only">{item.label}</span>
      <NavBadge badge={item.badge} className="rail-narrow:absolute rail-narrow:-top-0.5 rail-narrow:right-0" />
    </Link>
  );
}
