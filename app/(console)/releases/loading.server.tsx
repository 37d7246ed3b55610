import { ListSkeleton } from '@/components/ui/list-skeleton';

export default function ReleasesLoading() {
  return (
    <ListSkeleton
      label="Asking the repositories for their releases"
      title="Releases"
      description="Versions of the repositories, and which of them is live where."
      rows={6}
      columns={4}
    />
  );
}
