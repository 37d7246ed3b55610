import { PageSkeleton } from '@/components/ui/page-skeleton';

export default function DoraLoading() {
  return <PageSkeleton label="Loading the figures" columns="lg:grid-cols-1" main={[4, 8]} aside={[5]} />;
}
