import { PageSkeleton } from '@/components/ui/page-skeleton';

export default function HealthLoading() {
  return <PageSkeleton label="Loading the charts" columns="xl:grid-cols-2" main={[9, 9, 9]} aside={[9, 9]} />;
}
