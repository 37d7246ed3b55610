import type { ReactNode } from 'react';
import { thereOr404 } from '../../there-or-404';

interface DeploymentLayoutProps {
  children: ReactNode;
  params: Promise<{ deploymentId: string }>;
}

export default async function DeploymentLayout({ children, params }: DeploymentLayoutProps) {
  await thereOr404('deployment', (await params).deploymentId);
  return children;
}
