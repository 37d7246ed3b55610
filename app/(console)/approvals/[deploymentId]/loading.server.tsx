import { PageSkeleton } from '@/components/ui/page-skeleton';

export default function ApprovalLoading() {
  return (
    <PageSkeleton
      label="Loading what is to be approved"
      columns="lg:grid-cols-[minmax(0,1fr)_22rem]"
      main={[6, 4]}
      aside={[3, 4]}
    />
  );
}
