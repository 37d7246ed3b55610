import type { ReactNode } from 'react';
import { cn } from './cn';

interface EmptyStateProps {
  icon?: ReactNode;
  title: ReactNode;
  /** One sentence: why it is empty and what fills it. */
  children?: ReactNode;
  /** The next step. */
  action?: ReactNode;
  /** When the title heads the page or a section. */
  headingLevel?: 1 | 2 | 3;
  className?: string;
}

export function EmptyState({ icon, title, children, action, headingLevel, className }: EmptyStateProps) {
  const Title = headingLevel ? (`h${headingLevel}` as const) : 'p';
  return (
    <div className={cn('grid justify-items-center gap-1 px-6 py-10 text-center', className)}>
      {icon ? <div className="mb-2 text-ink-faint [&_svg]:size-6 [&_svg]:stroke-[1.5]">{icon}</div> : null}
      <Title className="text-sm font-medium">{title}</Title>
      {children ? <p className="max-w-prose text-pretty text-sm text-ink-soft">{children}</p> : null}
      {action ? <div className="mt-3 flex flex-wrap justify-center gap-2">{action}</div> : null}
    </div>
  );
}
