import type { ReactNode } from 'react';
import { cn } from './cn';

interface EmptyStateProps {
  icon?: ReactNode;
  title: ReactNode;
  /** One sentence: why it is empty and what fills it. */
  children?: ReactNode;
  /** The next step. */
  action?: ReactNode;
  className?: string;
}

export function EmptyState({ icon, title, children, action, className }: EmptyStateProps) {
  return (
    <div className={cn('grid justify-items-center gap-1 px-6 py-10 text-center', className)}>
      {icon ? <div className="mb-2 text-ink-faint [&_svg]:size-6 [&_svg]:stroke-[1.5]">{icon}</div> : null}
      <p className="text-sm font-medium">{title}</p>
      {children ? <p className="max-w-prose text-pretty text-sm text-ink-soft">{children}</p> : null}
      {action ? <div className="mt-3 flex flex-wrap justify-center gap-2">{action}</div> : null}
    </div>
  );
}
