import { PageHeader } from '@/components/ui/page-header';
import { Loading, SkeletonRows } from '@/components/ui/skeleton';

export default function ReleasesLoading() {
  return (
    <Loading label="Asking the repositories for their releases">
      <PageHeader title="Releases" description="Versions of the repositories, and which of them is live where." />
      <div className="rounded-lg border border-line bg-surface">
        <SkeletonRows rows={6} columns={4} />
      </div>
    </Loading>
  );
}
