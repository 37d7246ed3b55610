import { PageSkeleton } from '@/components/ui/page-skeleton';

export default function RollBackLoading() {
  return <PageSkeleton label="Loading where it can go back to" columns="lg:grid-cols-2" main={[9]} aside={[8]} />;
}
