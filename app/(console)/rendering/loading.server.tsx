import { PageHeader } from '@/components/ui/page-header';
import { Loading, Skeleton, SkeletonRows } from '@/components/ui/skeleton';

export default function RenderingLoading() {
  return (
    <Loading label="Loading how web dashboards are built">
      <PageHeader
        title="Web rendering & config"
        description="How each web dashboard is built in each environment, what proves it, and what moving it would do."
      />
      <div className="rounded-lg border border-line bg-surface">
        <div className="border-b border-line px-4 py-3.5">
          <Skeleton className="w-32" />
        </div>
        <SkeletonRows rows={3} columns={5} />
      </div>
    </Loading>
  );
}
