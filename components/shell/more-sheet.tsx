'use client';

import { usePathname } from 'next/navigation';
import { Link } from '@/components/ui/link';
import { Sheet } from '@/components/ui/sheet';
import { NavBadge } from './nav-badge';
import { isHere, type NavItem } from './shell-types';

interface MoreSheetProps {
  nav: readonly NavItem[];
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** The places that do not fit into the phone's bar. */
export function MoreSheet({ nav, open, onOpenChange }: MoreSheetProps) {
  const pathname = usePathname();
  return (
    <Sheet from="bottom" open={open} onOpenChange={onOpenChange} title="More">
      <ul className="-mx-2 grid">
        {nav.map((item) => (
          <li key={item.href}>
            <Link
              href={item.href}
              aria-current={isHere(pathname, item.href) ? 'page' : undefined}
              onClick={() => onOpenChange(false)}
              className="flex h-12 items-center gap-3 rounded-md px-2 text-base -outline-offset-2 aria-[current=page]:bg-raised aria-[current=page]:font-medium [&>svg]:size-5 [&>svg]:text-ink-faint"
            >
              {item.icon}
              <span className="flex-1">{item.label}</span>
              <NavBadge badge={item.badge} />
            </Link>
          </li>
        ))}
      </ul>
    </Sheet>
  );
}
