import { PageHeader } from '@/components/ui/page-header';
import { Loading, Skeleton, SkeletonRows } from '@/components/ui/skeleton';

export default function AuditLoading() {
  return (
    <Loading label="Loading the audit log">
      <PageHeader
        title="Audit"
        description="Who did what to which thing, what was refused and why. Nothing in it can be changed."
      />
      <Skeleton className="mb-3 h-14 w-full max-w-220" />
      <div className="rounded-lg border border-line bg-surface">
        <SkeletonRows rows={12} columns={4} />
      </div>
    </Loading>
  );
}
