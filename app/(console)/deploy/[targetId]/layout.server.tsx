import type { ReactNode } from 'react';
import { thereOr404 } from '../../there-or-404';

interface ComposerLayoutProps {
  children: ReactNode;
  params: Promise<{ targetId: string }>;
}

export default async function ComposerLayout({ children, params }: ComposerLayoutProps) {
  await thereOr404('target', (await params).targetId);
  return children;
}
