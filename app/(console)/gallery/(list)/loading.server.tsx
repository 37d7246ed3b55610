import { PageHeader } from '@/components/ui/page-header';
import { Loading, SkeletonRows } from '@/components/ui/skeleton';

export default function GalleryLoading() {
  return (
    <Loading label="Loading the gallery">
      <PageHeader title="Gallery" description="Extensions that editors install from here, and from nowhere else." />
      <div className="rounded-lg border border-line bg-surface">
        <SkeletonRows rows={5} columns={3} />
      </div>
    </Loading>
  );
}
