import type { Refusal } from '@/lib/kernel/errors';
import type { MaintenanceState } from './words';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const LONGEST_DAYS = 30;
const FARTHEST_DAYS = 366;

/** Epoch milliseconds. */
export interface Times {
  startsAt: number;
  endsAt: number;
}

/** Why these cannot be the times of a maintenance; null when they can. `before`: what was planned, when that is changed. */
export function problemOfTimes(times: Times, now: number, before: Times | null): (Refusal & { field: string }) | null {
  const { startsAt, endsAt } = times;
  if (endsAt <= startsAt) return problem('endsAt', 'ends_first', 'It has to end after it begins.');
  if (endsAt - startsAt > LONGEST_DAYS * DAY_MS)
    return problem('endsAt', 'too_long', `At most ${LONGEST_DAYS} days; plan it in parts.`);
  if (endsAt <= now) return problem('endsAt', 'over', 'All of it is in the past. Choose an end that is to come.');
  if (before !== null && before.startsAt <= now)
    return startsAt === before.startsAt
      ? null
      : problem('startsAt', 'begun', 'It has begun, so its beginning stays as it is.');
  if (startsAt < now - HOUR_MS)
    return problem('startsAt', 'in_the_past', 'It may begin now, or later. What is longer ago is an incident.');
  if (startsAt > now + FARTHEST_DAYS * DAY_MS) return problem('startsAt', 'too_far', 'Plan at most a year ahead.');
  return null;
}

function problem(field: string, code: string, sentence: string) {
  return { field, code, sentence };
}

/** How it stands at a moment; what the database works out from the same columns. Epoch milliseconds. */
export function stateAt({ startsAt, endsAt }: Times, endedAt: number | null, now: number): MaintenanceState {
  if (endedAt !== null && endedAt <= startsAt) return 'cancelled';
  if (endedAt !== null || now >= endsAt) return 'done';
  return now >= startsAt ? 'in_progress' : 'scheduled';
}
