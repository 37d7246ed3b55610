import type { ReactNode } from 'react';
import { cn } from './cn';

interface BadgeProps {
  children: ReactNode;
  icon?: ReactNode;
  /** `outline` for kinds and labels, `accent` for "this one". */
  variant?: 'outline' | 'solid' | 'accent';
  className?: string;
}

const looks = {
  outline: 'border border-line text-ink-soft',
  solid: 'bg-raised text-ink-soft',
  accent: 'bg-accent-wash text-accent',
} as const;

/** A small label without a judgement; for how a thing stands use ToneBadge. */
export function Badge({ children, icon, variant = 'outline', className }: BadgeProps) {
  return (
    <span
      className={cn(
        'inline-flex h-5 max-w-full items-center gap-1 whitespace-nowrap rounded px-1.5 align-middle text-xs font-medium [&_svg]:size-3',
        looks[variant],
        className,
      )}
    >
      {icon}
      <span className="truncate">{children}</span>
    </span>
  );
}
