import { Compass } from 'lucide-react';
import type { Metadata } from 'next';
import { ButtonLink } from '@/components/ui/button-link';
import { EmptyState } from '@/components/ui/empty-state';

export const metadata: Metadata = { title: 'Not found' };

export default function NotFound() {
  return (
    <main className="grid min-h-dvh place-items-center p-4">
      <EmptyState
        icon={<Compass aria-hidden />}
        title="Nothing lives at this address"
        headingLevel={1}
        action={
          <ButtonLink href="/" variant="primary">
            Go to the start
          </ButtonLink>
        }
      >
        It may have been renamed or removed, or you may not be allowed to see it. Check the address, or start again.
      </EmptyState>
    </main>
  );
}
