import { Loading, Skeleton, SkeletonRows } from '@/components/ui/skeleton';

/** For pages that have no skeleton of their own. */
export function PageLoading() {
  return (
    <Loading label="Loading the page">
      <Skeleton className="mb-6 h-6 w-56" />
      <div className="rounded-lg border border-line bg-surface">
        <SkeletonRows rows={8} />
      </div>
    </Loading>
  );
}
