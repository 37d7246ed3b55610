import { RollBackSkeleton } from '@/components/roll-back/roll-back-skeleton';

export default function RollBackLoading() {
  return <RollBackSkeleton />;
}
