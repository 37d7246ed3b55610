import { cn } from '@/components/ui/cn';
import { toneText, toneWash } from '@/components/ui/tone';
import type { NavItem } from './shell-types';

/** A count beside a place: "(3 wait for you)". */
export function NavBadge({ badge, className }: { badge: NavItem['badge']; className?: string }) {
  if (!badge || badge.count === 0) return null;
  return (
    <span
      className={cn(
        'inline-flex h-4.5 min-w-4.5 items-center justify-center rounded-full px-1 text-2xs font-medium tabular-nums',
        toneWash[badge.tone],
        toneText[badge.tone],
        // On the place where somebody is, its wash is the colour around it.
        badge.tone === 'neutral' && 'ring-1 ring-line-strong',
        className,
      )}
    >
      <span aria-hidden>{badge.count > 99 ? '99+' : badge.count}</span>
      <span className="sr-only">
        ({badge.count} {badge.label})
      </span>
    </span>
  );
}
