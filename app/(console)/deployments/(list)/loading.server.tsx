import { PageHeader } from '@/components/ui/page-header';
import { Loading, Skeleton, SkeletonRows } from '@/components/ui/skeleton';

export default function DeploymentsLoading() {
  return (
    <Loading label="Loading deployments">
      <PageHeader title="Deployments" description="Every attempt to put a release somewhere, newest first." />
      <Skeleton className="mb-3 h-8 w-full max-w-200" />
      <div className="rounded-lg border border-line bg-surface">
        <SkeletonRows rows={12} columns={6} />
      </div>
    </Loading>
  );
}
