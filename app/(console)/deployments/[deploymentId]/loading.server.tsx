import { DeploymentSkeleton } from '@/components/deployment/deployment-skeleton';

export default function DeploymentLoading() {
  return <DeploymentSkeleton />;
}
