import { PageHeader } from '@/components/ui/page-header';
import { Loading, Skeleton, SkeletonRows } from '@/components/ui/skeleton';

export default function ConfigurationLoading() {
  return (
    <Loading label="Asking the provider which secrets and variables there are">
      <PageHeader
        title="Configuration"
        description="Secrets and variables by name, where their targets find them. Values are never shown."
      />
      <div className="rounded-lg border border-line bg-surface">
        <div className="border-b border-line px-4 py-3.5">
          <Skeleton className="w-40" />
        </div>
        <SkeletonRows rows={8} columns={5} />
      </div>
    </Loading>
  );
}
