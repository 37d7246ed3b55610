import type { ReactNode } from 'react';
import { thereOr404 } from '../../there-or-404';

interface ApprovalLayoutProps {
  children: ReactNode;
  params: Promise<{ deploymentId: string }>;
}

export default async function ApprovalLayout({ children, params }: ApprovalLayoutProps) {
  await thereOr404('deployment', (await params).deploymentId);
  return children;
}
