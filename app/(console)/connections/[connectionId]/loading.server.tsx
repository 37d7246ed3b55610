import { Loading, Skeleton, SkeletonText } from '@/components/ui/skeleton';

const PANELS = ['a', 'b', 'c', 'd'];

export default function ConnectionLoading() {
  return (
    <Loading label="Loading the connection">
      <Skeleton className="mb-2 h-6 w-52" />
      <Skeleton className="mb-5 w-72 max-w-full" />
      <div className="grid gap-5 lg:grid-cols-2">
        {PANELS.map((panel) => (
          <div key={panel} className="rounded-lg border border-line bg-surface p-4">
            <SkeletonText lines={5} />
          </div>
        ))}
      </div>
    </Loading>
  );
}
