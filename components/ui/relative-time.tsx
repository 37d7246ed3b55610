'use client';

import { cn } from './cn';
import { drawnAt, useNow } from './ticking';
import { formatRelative, formatUtc } from './time-format';

interface RelativeTimeProps {
  /** ISO string, milliseconds since the epoch, or a Date. */
  at: string | number | Date;
  className?: string;
}

/** "4 min ago", with the viewer's own time and UTC on hover; the UTC time in a page that was made long before. */
export function RelativeTime({ at, className }: RelativeTimeProps) {
  const ticking = useNow('half-minute');
  const now = ticking ?? drawnAt();
  const instant = new Date(at);
  const ms = instant.getTime();
  if (Number.isNaN(ms)) return <span className={className}>unknown time</span>;
  const local = ticking === null ? null : instant.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'long' });
  return (
    <time
      dateTime={instant.toISOString()}
      title={local ? `${local} · ${formatUtc(ms)}` : formatUtc(ms)}
      className={cn('whitespace-nowrap', className)}
      suppressHydrationWarning
    >
      {now === null ? formatUtc(ms) : formatRelative(ms, Math.max(now, Math.min(ms, now + 30_000)))}
    </time>
  );
}
