'use client';

import { cn } from './cn';
import { useNow } from './ticking';
import { formatRelative, formatUtc } from './time-format';

interface RelativeTimeProps {
  /** ISO string, milliseconds since the epoch, or a Date. */
  at: string | number | Date;
  className?: string;
}

/** "4 min ago", with the viewer's own time and UTC on hover; before the script runs it is the UTC time. */
export function RelativeTime({ at, className }: RelativeTimeProps) {
  const now = useNow('half-minute');
  const instant = new Date(at);
  const ms = instant.getTime();
  if (Number.isNaN(ms)) return <span className={className}>unknown time</span>;
  const local = now === null ? null : instant.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'long' });
  return (
    <time
      dateTime={instant.toISOString()}
      title={local ? `${local} · ${formatUtc(ms)}` : formatUtc(ms)}
      className={cn('whitespace-nowrap', className)}
    >
      {now === null ? formatUtc(ms) : formatRelative(ms, Math.max(now, Math.min(ms, now + 30_000)))}
    </time>
  );
}
