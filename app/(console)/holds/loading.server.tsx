import { PageHeader } from '@/components/ui/page-header';
import { Loading, Skeleton, SkeletonRows } from '@/components/ui/skeleton';

const box = 'rounded-lg border border-line bg-surface';

export default function HoldsLoading() {
  return (
    <Loading label="Loading what is held">
      <PageHeader title="Holds" className="mb-4" description={<Skeleton className="w-64" />} />
      <div className="grid gap-4">
        <div className={box}>
          <SkeletonRows rows={3} columns={2} />
        </div>
        <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_22rem]">
          <Skeleton className="h-112 rounded-lg" />
          <div className={box}>
            <SkeletonRows rows={4} columns={2} />
          </div>
        </div>
      </div>
    </Loading>
  );
}
