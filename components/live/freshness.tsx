'use client';

import { Notice } from '@/components/ui/notice';
import { RelativeTime } from '@/components/ui/relative-time';
import { useLive } from './live-context';
import { sentenceOf } from './problem';

interface FreshnessNoticeProps {
  /** Why the last refetch failed; the old data is still on screen. */
  error: unknown;
  /** Epoch milliseconds of what is on screen. */
  updatedAt: number;
}

/** Stale data must look stale: says that it is old, how old, and what happens next. */
export function FreshnessNotice({ error, updatedAt }: FreshnessNoticeProps) {
  const { state } = useLive();
  if (error) {
    return (
      <Notice tone="warn" live title={sentenceOf(error)}>
        What you see is from <RelativeTime at={updatedAt} />.
      </Notice>
    );
  }
  if (state === 'degraded') {
    return (
      <Notice tone="warn" live title="The database does not answer">
        What you see may be old. It is asked again by itself; nothing that was done is lost.
      </Notice>
    );
  }
  if (state !== 'polling') return null;
  return (
    <Notice tone="warn" live title="The live feed is down">
      This page asks again every 5 seconds instead. Nothing is lost; changes only appear a little later.
    </Notice>
  );
}
