import { Loading, Skeleton, SkeletonText } from '@/components/ui/skeleton';

const box = 'rounded-lg border border-line bg-surface p-4';

/** The composer before it is there, in its own shape. */
export function ComposerSkeleton() {
  return (
    <Loading label="Loading the composer">
      <div className="grid gap-4">
        <div className="grid gap-2">
          <Skeleton className="h-3.5 w-40" />
          <Skeleton className="h-6 w-72 max-w-full" />
          <Skeleton className="h-3.5 w-96 max-w-full" />
        </div>
        <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_20rem]">
          <div className="grid gap-4">
            <div className={`${box} h-31`} />
            <div className={box}>
              <SkeletonText lines={6} />
            </div>
            <div className={box}>
              <SkeletonText lines={4} />
            </div>
          </div>
          <div className={box}>
            <SkeletonText lines={5} />
          </div>
        </div>
      </div>
    </Loading>
  );
}
