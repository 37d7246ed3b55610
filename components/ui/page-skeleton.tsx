import { cn } from './cn';
import { Loading, Skeleton, SkeletonText } from './skeleton';

interface PageSkeletonProps {
  /** What is being loaded, for those who do not see the shapes. */
  label: string;
  /** The columns of the real page on wide screens: a class such as `lg:grid-cols-2`. */
  columns: string;
  /** Lines of text in each box of the left column, and of the right one. */
  main: readonly number[];
  aside: readonly number[];
}

/** A page with a head and two columns of boxes before it is there, in its own shape. */
export function PageSkeleton({ label, columns, main, aside }: PageSkeletonProps) {
  return (
    <Loading label={label}>
      <div className="grid gap-4">
        <div className="grid gap-2">
          <Skeleton className="h-3.5 w-40" />
          <Skeleton className="h-6 w-80 max-w-full" />
          <Skeleton className="h-3.5 w-96 max-w-full" />
        </div>
        <div className={cn('grid items-start gap-4', columns)}>
          <Boxes lines={main} />
          <Boxes lines={aside} />
        </div>
      </div>
    </Loading>
  );
}

function Boxes({ lines }: { lines: readonly number[] }) {
  return (
    <div className="grid gap-4">
      {lines.map((count, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the boxes never change places.
        <div key={at} className="rounded-lg border border-line bg-surface p-4">
          <SkeletonText lines={count} />
        </div>
      ))}
    </div>
  );
}
