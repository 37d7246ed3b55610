'use client';

import { useNow } from '@/components/ui/ticking';
import { windowInUtc, windowInWords } from './moment';

/** From when to when, in the viewer's zone, with UTC on hover; before the script runs it is UTC. */
export function WindowTime({ from, to, className }: { from: string; to: string; className?: string }) {
  const now = useNow('half-minute');
  const utc = windowInUtc(from, to);
  return (
    <span title={utc} className={className}>
      {now === null ? utc : windowInWords(from, to)}
    </span>
  );
}
