import type { ReactNode } from 'react';
import { thereOr404 } from '../../../there-or-404';

interface PackageLayoutProps {
  children: ReactNode;
  params: Promise<{ packageId: string }>;
}

export default async function PackageLayout({ children, params }: PackageLayoutProps) {
  await thereOr404('package', (await params).packageId);
  return children;
}
