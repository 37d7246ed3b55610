'use client';

import { usePathname } from 'next/navigation';
import { Link } from '@/components/ui/link';
import { NavBadge } from './nav-badge';
import { isHere, type NavItem } from './shell-types';

/** The row of places under the header on tablets. */
export function TopBar({ nav }: { nav: readonly NavItem[] }) {
  const pathname = usePathname();
  return (
    <nav aria-label="Main" className="hidden overflow-x-auto border-t border-line px-3 md:block lg:hidden">
      <ul className="flex gap-1">
        {nav.map((item) => (
          <li key={item.href}>
            <Link
              href={item.href}
              aria-current={isHere(pathname, item.href) ? 'page' : undefined}
              className="flex h-10 items-center gap-1.5 whitespace-nowrap border-b-2 border-transparent px-2 text-sm text-ink-soft -outline-offset-2 hover:text-ink aria-[current=page]:border-accent aria-[current=page]:font-medium aria-[current=page]:text-ink [&>svg]:size-4"
            >
              {item.icon}
              {item.label}
              <NavBadge badge={item.badge} />
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
