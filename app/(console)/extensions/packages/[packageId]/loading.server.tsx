import { ListSkeleton } from '@/components/ui/list-skeleton';

export default function PackageLoading() {
  return (
    <ListSkeleton
      label="Loading the package"
      title="Package"
      description="What is in it, what was found, and what changed."
      rows={6}
      columns={2}
      headed
    />
  );
}
