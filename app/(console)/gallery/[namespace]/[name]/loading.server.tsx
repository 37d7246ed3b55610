import { PageHeader } from '@/components/ui/page-header';
import { Loading, Skeleton, SkeletonRows } from '@/components/ui/skeleton';

export default function GalleryExtensionLoading() {
  return (
    <Loading label="Loading the extension">
      <PageHeader title={<Skeleton className="w-40" />} />
      <div className="rounded-lg border border-line bg-surface">
        <SkeletonRows rows={4} columns={5} />
      </div>
    </Loading>
  );
}
