import { Loading, Skeleton, SkeletonRows, SkeletonText } from '@/components/ui/skeleton';

const box = 'rounded-lg border border-line bg-surface';

/** The roll-back page before it is there, in its own shape. */
export function RollBackSkeleton() {
  return (
    <Loading label="Loading where it can go back to">
      <div className="grid gap-4">
        <div className="grid gap-2">
          <Skeleton className="h-3.5 w-40" />
          <Skeleton className="h-6 w-80 max-w-full" />
          <Skeleton className="h-3.5 w-96 max-w-full" />
        </div>
        <div className="grid items-start gap-4 lg:grid-cols-2">
          <div className={box}>
            <SkeletonRows rows={5} columns={2} />
          </div>
          <div className={`${box} p-4`}>
            <SkeletonText lines={8} />
          </div>
        </div>
      </div>
    </Loading>
  );
}
