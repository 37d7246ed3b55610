import type { ReactNode } from 'react';
import { PublicFrame } from '@/components/public/public-frame';
import { siteLinks } from './site-links';

export default function PublicLayout({ children }: { children: ReactNode }) {
  return (
    <PublicFrame signIn={siteLinks.signIn} docs={siteLinks.docs}>
      {children}
    </PublicFrame>
  );
}
