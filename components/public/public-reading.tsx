'use client';

import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Button } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { Notice } from '@/components/ui/notice';
import { RelativeTime } from '@/components/ui/relative-time';
import { Loading, SkeletonRows } from '@/components/ui/skeleton';
import type { PublicStatus } from '@/lib/public-status/model/status';
import { usePublicStatus } from './use-public-status';

export interface PublicReadingProps {
  /** Where the status is fetched. */
  url: string;
  /** What the server read when it drew the page; null where files are served, or when it could not. */
  initial: PublicStatus | null;
}

interface DrawnReadingProps extends PublicReadingProps {
  draw: (status: PublicStatus) => ReactNode;
}

/** The status, with what has to be known about it: on its way, old, out of reach. */
export function PublicReading(props: DrawnReadingProps) {
  const [client] = useState(() => new QueryClient());
  return (
    <QueryClientProvider client={client}>
      <Reading {...props} />
    </QueryClientProvider>
  );
}

function Reading({ url, initial, draw }: DrawnReadingProps) {
  const { status, stale, unreachable, retry } = usePublicStatus(url, initial);
  const again = (
    <Button size="sm" onClick={retry}>
      Try again
    </Button>
  );
  if (!status)
    return unreachable ? (
      <EmptyState title="The status cannot be reached" action={again}>
        Nothing is known about what is live right now. It is tried again each minute.
      </EmptyState>
    ) : (
      <Loading label="The status is on its way">
        <SkeletonRows rows={4} columns={3} />
      </Loading>
    );
  return (
    <div className="grid gap-5 *:min-w-0">
      {unreachable || stale ? (
        <Notice tone="warn" live title={unreachable ? 'The status cannot be reached' : 'This is old'} action={again}>
          What is shown was so <RelativeTime at={status.at} />, and may have changed since.
        </Notice>
      ) : null}
      {draw(status)}
      <p className="text-xs text-ink-faint">
        As of <RelativeTime at={status.at} />
      </p>
    </div>
  );
}
