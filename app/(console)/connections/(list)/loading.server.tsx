import { PageHeader } from '@/components/ui/page-header';
import { Loading, Skeleton, SkeletonRows } from '@/components/ui/skeleton';

export default function ConnectionsLoading() {
  return (
    <Loading label="Loading connections">
      <PageHeader
        title="Connections"
        description="The provider accounts that deployments run through, and how they stand."
        actions={<Skeleton className="h-8 w-36" />}
      />
      <div className="rounded-lg border border-line bg-surface">
        <SkeletonRows rows={3} columns={6} />
      </div>
    </Loading>
  );
}
