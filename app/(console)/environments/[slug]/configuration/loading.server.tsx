import { ListSkeleton } from '@/components/ui/list-skeleton';

export default function ConfigurationLoading() {
  return (
    <ListSkeleton
      label="Asking the provider which secrets and variables there are"
      title="Configuration"
      description="Secrets and variables by name, where their targets find them. Values are never shown."
      rows={8}
      columns={5}
      headed
    />
  );
}
