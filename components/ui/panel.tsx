import type { ReactNode } from 'react';
import { cn } from './cn';

interface PanelProps {
  /** Names the region; leave out for a bare box. */
  title?: ReactNode;
  /** One quiet line under the title. */
  description?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  /** `flush` lets a table or a list reach the border. */
  body?: 'padded' | 'flush';
  headingLevel?: 2 | 3;
  id?: string;
  className?: string;
}

/** A bordered section with an optional heading row. */
export function Panel({
  title,
  description,
  actions,
  children,
  body = 'padded',
  headingLevel = 2,
  id,
  className,
}: PanelProps) {
  const Heading = headingLevel === 2 ? 'h2' : 'h3';
  return (
    <section id={id} className={cn('min-w-0 rounded-lg border border-line bg-surface', className)}>
      {title || actions ? (
        <div className="flex flex-wrap items-center gap-x-3 gap-y-2 border-b border-line px-4 py-2.5">
          <div className="min-w-0 flex-1 basis-28">
            {title ? <Heading className="text-sm font-semibold">{title}</Heading> : null}
            {description ? <p className="text-xs text-ink-faint">{description}</p> : null}
          </div>
          {actions ? <div className="flex flex-wrap items-center gap-2">{actions}</div> : null}
        </div>
      ) : null}
      <div className={body === 'padded' ? 'p-4' : undefined}>{children}</div>
    </section>
  );
}

/** Name and value pairs, as a description list. */
export function Facts({ items, className }: { items: { name: string; value: ReactNode }[]; className?: string }) {
  return (
    <dl className={cn('grid grid-cols-[max-content_minmax(0,1fr)] gap-x-4 gap-y-1.5 text-sm', className)}>
      {items.map((item) => (
        <div key={item.name} className="col-span-2 grid grid-cols-subgrid">
          <dt className="text-ink-faint">{item.name}</dt>
          <dd className="min-w-0 break-words">{item.value}</dd>
        </div>
      ))}
    </dl>
  );
}
