import type { ReactNode } from 'react';
import { thereOr404 } from '../../there-or-404';

interface ComponentLayoutProps {
  children: ReactNode;
  params: Promise<{ slug: string }>;
}

export default async function ComponentLayout({ children, params }: ComponentLayoutProps) {
  await thereOr404('component', (await params).slug);
  return children;
}
