import type { ReactNode } from 'react';
import { thereOr404 } from '../../there-or-404';

interface EnvironmentLayoutProps {
  children: ReactNode;
  params: Promise<{ slug: string }>;
}

export default async function EnvironmentLayout({ children, params }: EnvironmentLayoutProps) {
  await thereOr404('environment', (await params).slug);
  return children;
}
