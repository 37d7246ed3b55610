import { PageSkeleton } from '@/components/ui/page-skeleton';

export default function ComposerLoading() {
  return (
    <PageSkeleton
      label="Loading the composer"
      columns="lg:grid-cols-[minmax(0,1fr)_20rem]"
      main={[4, 6, 4]}
      aside={[5]}
    />
  );
}
