import { Loading, Skeleton, SkeletonText } from '@/components/ui/skeleton';

const box = 'rounded-lg border border-line bg-surface p-4';

/** The approval page before it is there, in its own shape. */
export function ApprovalSkeleton() {
  return (
    <Loading label="Loading what is to be approved">
      <div className="grid gap-4">
        <div className="grid gap-2">
          <Skeleton className="h-3.5 w-28" />
          <Skeleton className="h-6 w-80 max-w-full" />
          <Skeleton className="h-3.5 w-96 max-w-full" />
        </div>
        <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_22rem]">
          <div className="grid gap-4">
            <div className={box}>
              <SkeletonText lines={6} />
            </div>
            <div className={box}>
              <SkeletonText lines={4} />
            </div>
          </div>
          <div className="grid gap-4">
            <div className={box}>
              <SkeletonText lines={3} />
            </div>
            <div className={box}>
              <SkeletonText lines={4} />
            </div>
          </div>
        </div>
      </div>
    </Loading>
  );
}
