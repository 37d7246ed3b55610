'use client';

import { cn } from './cn';
import { useNow } from './ticking';
import { formatClock, formatSpan } from './time-format';

interface DurationProps {
  /** ISO string, milliseconds since the epoch, or a Date. */
  since: string | number | Date;
  /** When it ended; without it the clock runs. */
  until?: string | number | Date | null;
  className?: string;
}

/** Elapsed time: a running clock, or the final length. Figures keep their width. */
export function Duration({ since, until, className }: DurationProps) {
  const start = new Date(since).getTime();
  const look = cn('whitespace-nowrap tabular-nums', className);
  if (until) {
    const length = new Date(until).getTime() - start;
    return <span className={look}>{formatSpan(length)}</span>;
  }
  return <RunningClock start={start} className={look} />;
}

function RunningClock({ start, className }: { start: number; className: string }) {
  const now = useNow('second');
  return (
    <span role="timer" className={className}>
      {now === null ? '–:––' : formatClock(now - start)}
    </span>
  );
}
