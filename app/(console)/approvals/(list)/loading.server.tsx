import { PageHeader } from '@/components/ui/page-header';
import { Loading, SkeletonRows } from '@/components/ui/skeleton';

export default function ApprovalsLoading() {
  return (
    <Loading label="Loading what waits for approval">
      <PageHeader title="Approvals" description="Deployments that start only when enough people said yes." />
      <div className="rounded-lg border border-line bg-surface">
        <SkeletonRows rows={4} columns={2} />
      </div>
    </Loading>
  );
}
