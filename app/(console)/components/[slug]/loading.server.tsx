import { Loading, Skeleton, SkeletonRows, SkeletonText } from '@/components/ui/skeleton';

const PANELS = ['a', 'b', 'c'];

export default function ComponentLoading() {
  return (
    <Loading label="Loading the component">
      <Skeleton className="mb-2 h-6 w-40" />
      <Skeleton className="mb-5 w-72 max-w-full" />
      <Skeleton className="mb-5 h-16 w-full" />
      <div className="mb-5 grid gap-4 md:grid-cols-2 xl:grid-cols-3">
        {PANELS.map((panel) => (
          <div key={panel} className="rounded-lg border border-line bg-surface p-4">
            <SkeletonText lines={4} />
          </div>
        ))}
      </div>
      <div className="rounded-lg border border-line bg-surface">
        <SkeletonRows rows={8} columns={6} />
      </div>
    </Loading>
  );
}
