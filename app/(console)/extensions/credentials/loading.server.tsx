import { ListSkeleton } from '@/components/ui/list-skeleton';

export default function ExtensionCredentialsLoading() {
  return (
    <ListSkeleton
      label="Loading the credentials of galleries"
      title="Credentials"
      description="By what extensions are published, until when it holds, and how to do without."
      rows={4}
      columns={4}
      headed
    />
  );
}
