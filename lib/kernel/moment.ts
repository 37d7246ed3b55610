import { z } from 'zod';

/** What a person means and a database keeps: no year 0, and none of five digits once it is told in UTC. */
const EARLIEST = 0;
const LATEST = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

export function isWithinReach(ms: number): boolean {
  return ms >= EARLIEST && ms <= LATEST;
}

/** A moment as it comes in: any offset, from 1970 to 9999 in UTC. */
export const moment = z.iso
  .datetime({ offset: true, error: 'A moment such as 2026-01-31T08:00:00Z.' })
  .refine((text) => isWithinReach(Date.parse(text)), 'A moment between 1970 and 9999, in UTC.');
