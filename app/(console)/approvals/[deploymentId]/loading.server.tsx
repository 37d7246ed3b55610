import { ApprovalSkeleton } from '@/components/approval/approval-skeleton';

export default function ApprovalLoading() {
  return <ApprovalSkeleton />;
}
