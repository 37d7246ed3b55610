import { PageHeader } from '@/components/ui/page-header';
import { Loading, Skeleton, SkeletonRows } from '@/components/ui/skeleton';

export default function MembersLoading() {
  return (
    <Loading label="Loading members">
      <PageHeader
        title="Members"
        description="Who can sign in, and what each may do where. What is not granted is not allowed."
        actions={<Skeleton className="h-8 w-36" />}
      />
      <div className="mb-5 rounded-lg border border-line bg-surface">
        <SkeletonRows rows={4} columns={5} />
      </div>
      <div className="rounded-lg border border-line bg-surface">
        <SkeletonRows rows={2} columns={2} />
      </div>
    </Loading>
  );
}
