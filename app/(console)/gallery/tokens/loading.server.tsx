import { PageHeader } from '@/components/ui/page-header';
import { Loading, SkeletonRows } from '@/components/ui/skeleton';

export default function GalleryTokensLoading() {
  return (
    <Loading label="Loading tokens and namespaces">
      <PageHeader
        title="Tokens and namespaces"
        description="Who may install from the gallery, and who may publish in it."
      />
      <div className="rounded-lg border border-line bg-surface">
        <SkeletonRows rows={4} columns={3} />
      </div>
    </Loading>
  );
}
