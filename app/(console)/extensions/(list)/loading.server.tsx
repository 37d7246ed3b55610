import { ListSkeleton } from '@/components/ui/list-skeleton';

export default function ExtensionsLoading() {
  return (
    <ListSkeleton
      label="Loading packages of extensions"
      title="Extensions"
      description="Packages of VS Code extensions: each kept once, looked through, and compared with what is live."
      rows={5}
      columns={5}
      headed
    />
  );
}
