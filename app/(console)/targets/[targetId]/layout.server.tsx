import type { ReactNode } from 'react';
import { thereOr404 } from '../../there-or-404';

interface TargetLayoutProps {
  children: ReactNode;
  params: Promise<{ targetId: string }>;
}

export default async function TargetLayout({ children, params }: TargetLayoutProps) {
  await thereOr404('target', (await params).targetId);
  return children;
}
