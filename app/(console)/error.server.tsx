'use client';

import { RotateCw } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { ButtonLink } from '@/components/ui/button-link';
import { Mono } from '@/components/ui/code';
import { EmptyState } from '@/components/ui/empty-state';

/** The page broke; the console around it did not. */
export default function ConsoleError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <div role="alert" className="rounded-lg border border-line bg-surface">
      <h1 className="sr-only">Something broke</h1>
      <EmptyState
        title="This page could not be shown"
        action={
          <>
            <Button variant="primary" icon={<RotateCw aria-hidden />} onClick={reset}>
              Try again
            </Button>
            <ButtonLink href="/now">Go to Now</ButtonLink>
          </>
        }
      >
        The console could not read what belongs here. Deployments go on without this page. If it stays, look in the
        server log{error.digest ? ' for ' : ''}
        {error.digest ? <Mono>{error.digest}</Mono> : null}.
      </EmptyState>
    </div>
  );
}
