import type { ReactNode } from 'react';
import { thereOr404 } from '../../there-or-404';

interface ConnectionLayoutProps {
  children: ReactNode;
  params: Promise<{ connectionId: string }>;
}

export default async function ConnectionLayout({ children, params }: ConnectionLayoutProps) {
  await thereOr404('connection', (await params).connectionId);
  return children;
}
