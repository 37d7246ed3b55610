import { Loading, Skeleton, SkeletonRows, SkeletonText } from '@/components/ui/skeleton';

const box = 'rounded-lg border border-line bg-surface';

/** The deployment page before it is there, in its own shape. */
export function DeploymentSkeleton() {
  return (
    <Loading label="Loading the deployment">
      <div className="grid gap-4">
        <div className="grid gap-2">
          <Skeleton className="h-3.5 w-28" />
          <Skeleton className="h-6 w-72 max-w-full" />
          <Skeleton className="h-3.5 w-96 max-w-full" />
        </div>
        <div className={`${box} h-22 p-4`}>
          <SkeletonText lines={2} />
        </div>
        <div className="grid items-start gap-4 lg:grid-cols-[19rem_minmax(0,1fr)]">
          <div className={box}>
            <SkeletonRows rows={7} columns={2} />
          </div>
          <div className={`${box} h-[58dvh] min-h-72 p-4`}>
            <SkeletonText lines={9} />
          </div>
        </div>
      </div>
    </Loading>
  );
}
