'use client';

import { useLive } from '@/components/live/live-context';
import { LiveIndicator } from '@/components/shell/live-indicator';
import { useNow } from '@/components/ui/ticking';
import { formatRelative } from '@/components/ui/time-format';

const FACES = {
  connecting: 'connecting',
  live: 'connected',
  degraded: 'degraded',
  reconnecting: 'reconnecting',
  polling: 'polling',
} as const;

/** How this tab hears of changes, and since when it has heard nothing. */
export function LiveStatus() {
  const { state, lastHeardAt } = useLive();
  const now = useNow('half-minute');
  const heard = state === 'live' || state === 'degraded';
  const silent = !heard && lastHeardAt !== null && now !== null;
  return (
    <LiveIndicator
      state={FACES[state]}
      {...(silent ? { detail: `The live connection was last heard ${formatRelative(lastHeardAt, now)}.` } : {})}
    />
  );
}
