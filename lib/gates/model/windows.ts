import { RRuleTemporal } from 'rrule-temporal';
import { Temporal } from 'temporal-polyfill';
import type { Refusal } from '@/lib/kernel/errors';
import { hasUntilTime, parseRecurrence, withoutUntilTime } from './recurrence';

/** When a freeze holds, in the wall clock of its time zone. */
export interface FreezeTimes {
  timeZone: string;
  /** `2026-12-24T18:00` */
  startsAt: string;
  durationMinutes: number;
  recurrence: string | null;
}

/** Half open, epoch milliseconds: `from` is frozen, `to` is not. */
export interface FreezeWindow {
  from: number;
  to: number;
}

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** Longest that the clocks of one place have been moved at once, with room. */
const SLACK_MS = 2 * DAY_MS;
/** A yearly rule on 29 February skips up to seven years. */
const LOOK_AHEAD_MS = 8 * 366 * DAY_MS;
/** Steps of a rule that are tried before it is taken to have no more occurrences: 50 years of days. */
const MAX_STEPS = 18_300;

/** Windows that overlap the span, in order. Times are epoch milliseconds. */
export function windowsOf(times: FreezeTimes, from: number, to: number): FreezeWindow[] {
  const durationMs = times.durationMinutes * MINUTE_MS;
  return startsBetween(times, from - durationMs - SLACK_MS, to + SLACK_MS)
    .map((start) => windowFrom(start, times))
    .filter((window) => window.from < to && window.to > from);
}

export function windowAt(times: FreezeTimes, at: number): FreezeWindow | null {
  return latest(windowsOf(times, at, at + 1));
}

/** The window that holds at that moment, or the next one; null when there is none any more. */
export function nextWindow(times: FreezeTimes, at: number): FreezeWindow | null {
  const now = windowAt(times, at);
  if (now) return now;
  for (const span of [40 * DAY_MS, 400 * DAY_MS, LOOK_AHEAD_MS]) {
    const [next] = windowsOf(times, at, at + span);
    if (next) return next;
  }
  return null;
}

/** Freezes that hold at that moment, the one that ends last first. */
export function activeFreezes<F extends FreezeTimes>(
  freezes: readonly F[],
  at: number,
): { freeze: F; window: FreezeWindow }[] {
  return freezes
    .flatMap((freeze) => {
      const window = windowAt(freeze, at);
      return window ? [{ freeze, window }] : [];
    })
    .sort((a, b) => b.window.to - a.window.to);
}

/** Why these times cannot be a freeze; null when they can. */
export function problemOfTimes(times: FreezeTimes, at: number): (Refusal & { field: string }) | null {
  if (!isTimeZone(times.timeZone)) {
    return { field: 'timeZone', code: 'zone_unknown', sentence: 'Choose a time zone such as Europe/Berlin.' };
  }
  if (!isWallClock(times.startsAt)) {
    return { field: 'startsAt', code: 'moment_unknown', sentence: 'This day or time does not exist in the calendar.' };
  }
  if (times.recurrence !== null && hasUntilTime(times.recurrence)) {
    return {
      field: 'recurrence',
      code: 'until_not_a_day',
      sentence: 'UNTIL takes a day without a time, such as UNTIL=20261231: the last on which the freeze may begin.',
    };
  }
  if (times.recurrence !== null && !parseRecurrence(times.recurrence)) {
    return {
      field: 'recurrence',
      code: 'rule_unknown',
      sentence: 'This is not a rule that is understood here. Write one such as FREQ=WEEKLY;BYDAY=FR.',
    };
  }
  if (nextWindow(times, at) === null) {
    return { field: 'startsAt', code: 'never', sentence: 'It would never hold: all of it is in the past.' };
  }
  return null;
}

function isTimeZone(name: string): boolean {
  // An offset would not follow summer time; its author would notice in six months.
  if (!/^(UTC|[A-Za-z_]+(\/[A-Za-z0-9_+-]+)+)$/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function isWallClock(text: string): boolean {
  try {
    Temporal.PlainDateTime.from(text, { overflow: 'reject' });
    return true;
  } catch {
    return false;
  }
}

function latest(windows: FreezeWindow[]): FreezeWindow | null {
  return windows.reduce<FreezeWindow | null>((last, each) => (last && last.to >= each.to ? last : each), null);
}

/** Wall clocks at which windows begin. The rule is walked in a zone without summer time, so that no local time is bent. */
function startsBetween(times: FreezeTimes, from: number, to: number): Temporal.PlainDateTime[] {
  const first = Temporal.PlainDateTime.from(times.startsAt);
  if (times.recurrence === null) return [first];
  try {
    return ruleOf(times.startsAt, times.recurrence)
      .between(new Date(from), new Date(to), true)
      .map((each) => each.toPlainDateTime());
  } catch (error) {
    // The library gives up on a rule without an occurrence (30 February); then there is no window.
    if (error instanceof Error && /iterations|evaluations/i.test(error.message)) return [];
    throw error;
  }
}

const rules = new Map<string, RRuleTemporal<Temporal.ZonedDateTime>>();

/** Reading a rule costs more than walking it, and every look at a target walks all of them. */
function ruleOf(startsAt: string, recurrence: string): RRuleTemporal<Temporal.ZonedDateTime> {
  const key = `${startsAt} ${recurrence}`;
  const known = rules.get(key);
  if (known) return known;
  if (rules.size > 500) rules.clear();
  const dtstart = Temporal.PlainDateTime.from(startsAt).toZonedDateTime('UTC');
  const rruleString = withoutUntilTime(recurrence);
  const rule = new RRuleTemporal({ rruleString, dtstart, temporal: Temporal, maxIterations: MAX_STEPS });
  rules.set(key, rule);
  return rule;
}

function windowFrom(start: Temporal.PlainDateTime, times: FreezeTimes): FreezeWindow {
  const end = start.add({ minutes: times.durationMinutes });
  return { from: momentOf(start, times.timeZone, 'earlier'), to: momentOf(end, times.timeZone, 'later') };
}

/**
 * In the hour that comes twice in autumn a window begins at the first and ends at the second; in the one that is left
 * out in spring both are the moment of the change. So it holds whenever a clock on the wall says that it does.
 */
function momentOf(wall: Temporal.PlainDateTime, timeZone: string, which: 'earlier' | 'later'): number {
  const zoned = wall.toZonedDateTime(timeZone, { disambiguation: which });
  if (zoned.toPlainDateTime().equals(wall)) return zoned.epochMilliseconds;
  const after = wall.toZonedDateTime(timeZone, { disambiguation: 'later' });
  return (after.getTimeZoneTransition('previous') ?? after).epochMilliseconds;
}
