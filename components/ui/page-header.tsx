import type { ReactNode } from 'react';
import { cn } from './cn';

interface PageHeaderProps {
  title: ReactNode;
  description?: ReactNode;
  /** Marks beside the title. */
  marks?: ReactNode;
  actions?: ReactNode;
  /** Breadcrumbs, above the title. */
  above?: ReactNode;
  className?: string;
}

/** The one h1 of a page, with what can be done here. */
export function PageHeader({ title, description, marks, actions, above, className }: PageHeaderProps) {
  return (
    <header className={cn('mb-5 grid gap-1', className)}>
      {above}
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-56">
          <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
            <h1 className="min-w-0 text-balance break-words text-xl font-semibold tracking-[-0.011em]">{title}</h1>
            {marks}
          </div>
          {description ? <p className="mt-0.5 max-w-prose text-pretty text-sm text-ink-soft">{description}</p> : null}
        </div>
        {actions ? <div className="flex flex-wrap items-center gap-2">{actions}</div> : null}
      </div>
    </header>
  );
}
