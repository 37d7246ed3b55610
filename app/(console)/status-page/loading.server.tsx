import { PageSkeleton } from '@/components/ui/page-skeleton';

export default function StatusPageLoading() {
  return (
    <PageSkeleton
      label="Loading the status page"
      columns="lg:grid-cols-[minmax(0,1fr)_24rem]"
      main={[4, 3]}
      aside={[5, 2]}
    />
  );
}
