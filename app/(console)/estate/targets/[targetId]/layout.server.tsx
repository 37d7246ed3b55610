import type { ReactNode } from 'react';
import { thereOr404 } from '../../../there-or-404';

interface EstateTargetLayoutProps {
  children: ReactNode;
  params: Promise<{ targetId: string }>;
}

export default async function EstateTargetLayout({ children, params }: EstateTargetLayoutProps) {
  await thereOr404('target', (await params).targetId);
  return children;
}
