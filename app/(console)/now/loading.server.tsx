import { Loading, Skeleton, SkeletonRows } from '@/components/ui/skeleton';

export default function NowLoading() {
  return (
    <Loading label="Loading what happens now">
      <Skeleton className="mb-5 h-14 w-full" />
      <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="grid gap-5">
          <Box rows={2} />
          <Box rows={8} />
        </div>
        <div className="grid gap-5">
          <Box rows={6} />
          <Box rows={1} />
        </div>
      </div>
    </Loading>
  );
}

function Box({ rows }: { rows: number }) {
  return (
    <div className="rounded-lg border border-line bg-surface">
      <div className="border-b border-line px-4 py-2.5">
        <Skeleton className="w-28" />
      </div>
      <SkeletonRows rows={rows} columns={2} />
    </div>
  );
}
