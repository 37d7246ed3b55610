import type { ReactNode } from 'react';
import { thereOr404 } from '../../there-or-404';

interface SubscriptionLayoutProps {
  children: ReactNode;
  params: Promise<{ subscriptionId: string }>;
}

export default async function SubscriptionLayout({ children, params }: SubscriptionLayoutProps) {
  await thereOr404('subscription', (await params).subscriptionId);
  return children;
}
