import { ListSkeleton } from '@/components/ui/list-skeleton';

export default function PublishLoading() {
  return (
    <ListSkeleton
      label="Loading where it can be published"
      title="Publish"
      description="Where the package can go, and what each place asks for."
      rows={4}
      columns={2}
      headed
    />
  );
}
