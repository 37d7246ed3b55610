import { PageSkeleton } from '@/components/ui/page-skeleton';

export default function PromoteLoading() {
  return <PageSkeleton label="Loading what can be promoted" columns="lg:grid-cols-2" main={[9]} aside={[8]} />;
}
