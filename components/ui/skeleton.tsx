import { cn } from './cn';

/** A grey shape in the place of what is coming; give it the size of the real thing. */
export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden className={cn('block h-4 animate-breathe rounded bg-raised', className)} />;
}

const widths = ['w-11/12', 'w-3/4', 'w-5/6', 'w-2/3', 'w-4/5'] as const;

export function SkeletonText({ lines = 3, className }: { lines?: number; className?: string }) {
  return (
    <span aria-hidden className={cn('grid gap-2', className)}>
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines are all alike.
        <Skeleton key={line} className={cn('h-3.5', widths[line % widths.length])} />
      ))}
    </span>
  );
}

/** Rows of a table or a list on their way. */
export function SkeletonRows({ rows = 5, columns = 4 }: { rows?: number; columns?: number }) {
  return (
    <div aria-hidden className="divide-y divide-line">
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike.
        <div key={row} className="flex h-10 items-center gap-6 px-3">
          {Array.from({ length: columns }, (_, column) => (
            <Skeleton
              // biome-ignore lint/suspicious/noArrayIndexKey: the cells are all alike.
              key={column}
              className={cn('h-3.5 flex-1', column > 1 && 'max-sm:hidden', column === 0 && 'max-w-40')}
            />
          ))}
        </div>
      ))}
    </div>
  );
}

/** A region that is loading: says so once, and keeps its shape. */
export function Loading({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div aria-busy="true">
      <span role="status" className="sr-only">
        {label}
      </span>
      {children}
    </div>
  );
}
