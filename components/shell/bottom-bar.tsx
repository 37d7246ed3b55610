'use client';

import { Ellipsis } from 'lucide-react';
import { usePathname } from 'next/navigation';
import { useState } from 'react';
import { later } from '@/components/ui/later';
import { Link } from '@/components/ui/link';
import { NavBadge } from './nav-badge';
import { badgeOfAll, isHere, type NavItem } from './shell-types';

const MoreSheet = later(() => import('./more-sheet').then((file) => file.MoreSheet));

const slot =
  'relative flex min-w-0 flex-1 flex-col items-center justify-center gap-0.5 px-0.5 text-2xs tracking-[-0.02em] text-ink-soft -outline-offset-2 aria-[current=page]:font-medium aria-[current=page]:text-accent [&>svg]:size-5';

/** The phone's bar: four places and a sheet with the others. */
export function BottomBar({ nav }: { nav: readonly NavItem[] }) {
  const pathname = usePathname();
  const [open, setOpen] = useState<boolean | null>(null);
  const first = nav.slice(0, 4);
  const rest = nav.slice(4);
  const inRest = rest.some((item) => isHere(pathname, item.href));
  return (
    <nav
      aria-label="Main"
      className="fixed inset-x-0 bottom-0 z-30 border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      <div className="flex h-14">
        {first.map((item) => (
          <Link
            key={item.href}
            href={item.href}
            aria-current={isHere(pathname, item.href) ? 'page' : undefined}
            className={slot}
          >
            {item.icon}
            <span className="max-w-full truncate">{item.shortLabel ?? item.label}</span>
            <NavBadge badge={item.badge} className="absolute top-1 left-1/2 ml-1.5" />
          </Link>
        ))}
        {rest.length > 0 ? (
          <button
            type="button"
            aria-haspopup="dialog"
            aria-expanded={open ?? false}
            onClick={() => setOpen(true)}
            className={inRest ? `${slot} font-medium text-accent` : slot}
          >
            <Ellipsis aria-hidden />
            More
            <NavBadge badge={badgeOfAll(rest)} className="absolute top-1 left-1/2 ml-1.5" />
          </button>
        ) : null}
      </div>
      {open === null ? null : <MoreSheet nav={rest} open={open} onOpenChange={setOpen} />}
    </nav>
  );
}
