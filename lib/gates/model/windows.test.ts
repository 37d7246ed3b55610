import { describe, expect, it } from 'vitest';
import { freezeSays } from './freeze-words';
import { parseRecurrence } from './recurrence';
import { activeFreezes, type FreezeTimes, nextWindow, problemOfTimes, windowAt, windowsOf } from './windows';

const ms = Date.parse;
const times = (over: Partial<FreezeTimes> = {}): FreezeTimes => ({
  timeZone: 'Europe/Berlin',
  startsAt: '2026-01-02T16:00',
  durationMinutes: 8 * 60,
  recurrence: 'FREQ=WEEKLY;BYDAY=FR',
  ...over,
});
const iso = (windows: { from: number; to: number }[]) =>
  windows.map(({ from, to }) => [new Date(from).toISOString(), new Date(to).toISOString()]);

describe('windows of a freeze', () => {
  it('keeps the wall clock through both changes of the clocks', () => {
    expect(iso(windowsOf(times(), ms('2026-03-27T00:00Z'), ms('2026-04-04T00:00Z')))).toEqual([
      ['2026-03-27T15:00:00.000Z', '2026-03-27T23:00:00.000Z'],
      ['2026-04-03T14:00:00.000Z', '2026-04-03T22:00:00.000Z'],
    ]);
    expect(iso(windowsOf(times(), ms('2026-10-23T00:00Z'), ms('2026-10-31T00:00Z')))).toEqual([
      ['2026-10-23T14:00:00.000Z', '2026-10-23T22:00:00.000Z'],
      ['2026-10-30T15:00:00.000Z', '2026-10-30T23:00:00.000Z'],
    ]);
  });

  it('lasts from wall clock to wall clock over a change, be the night 23 or 25 hours long', () => {
    const weekend = times({ startsAt: '2026-01-03T00:00', durationMinutes: 2 * 1440, recurrence: 'FREQ=WEEKLY' });
    const hours = (from: string, to: string) =>
      windowsOf(weekend, ms(from), ms(to)).map((each) => (each.to - each.from) / 3_600_000);
    expect(hours('2026-03-28T12:00Z', '2026-03-28T13:00Z')).toEqual([47]);
    expect(hours('2026-10-24T12:00Z', '2026-10-24T13:00Z')).toEqual([49]);
  });

  it('begins with the change when its beginning is left out, and covers an hour that comes twice', () => {
    const night = times({ startsAt: '2026-01-01T02:30', durationMinutes: 60, recurrence: 'FREQ=DAILY' });
    expect(iso(windowsOf(night, ms('2026-03-29T00:00Z'), ms('2026-03-29T12:00Z')))).toEqual([
      ['2026-03-29T01:00:00.000Z', '2026-03-29T01:30:00.000Z'],
    ]);
    expect(iso(windowsOf(night, ms('2026-10-25T00:00Z'), ms('2026-10-25T12:00Z')))).toEqual([
      ['2026-10-25T00:30:00.000Z', '2026-10-25T02:30:00.000Z'],
    ]);
    const until = times({ startsAt: '2026-01-01T01:30', durationMinutes: 60, recurrence: 'FREQ=DAILY' });
    expect(iso(windowsOf(until, ms('2026-10-24T20:00Z'), ms('2026-10-25T12:00Z')))).toEqual([
      ['2026-10-24T23:30:00.000Z', '2026-10-25T01:30:00.000Z'],
    ]);
  });

  it('is half open', () => {
    const once = times({ recurrence: null });
    expect(windowAt(once, ms('2026-01-02T14:59:59.999Z'))).toBeNull();
    expect(windowAt(once, ms('2026-01-02T15:00Z'))).not.toBeNull();
    expect(windowAt(once, ms('2026-01-02T22:59:59.999Z'))).not.toBeNull();
    expect(windowAt(once, ms('2026-01-02T23:00Z'))).toBeNull();
  });

  it('finds the next window years ahead and says when there is none any more', () => {
    const leap = times({ startsAt: '2024-02-29T00:00', recurrence: 'FREQ=YEARLY', durationMinutes: 60 });
    expect(new Date(nextWindow(leap, ms('2026-11-01T00:00Z'))?.from ?? 0).toISOString()).toBe(
      '2028-02-28T23:00:00.000Z',
    );
    const over = times({ recurrence: 'FREQ=WEEKLY;UNTIL=20260201' });
    expect(nextWindow(over, ms('2026-01-31T00:00Z'))).toBeNull();
    expect(nextWindow(over, ms('2026-01-29T00:00Z'))?.from).toBe(ms('2026-01-30T15:00Z'));
  });

  it.each([
    'FREQ=WEEKLY;UNTIL=20311226',
    // Of before a time of day was refused.
    'FREQ=WEEKLY;UNTIL=20311226T120000Z',
  ])('holds on the last day that its words name: %s', (recurrence) => {
    const weekly = times({ recurrence, durationMinutes: 60 });
    expect(freezeSays(weekly)).toBe('Every Friday 16:00–17:00, Europe/Berlin, until 26 December 2031');
    expect(windowAt(weekly, ms('2031-12-26T15:30Z'))).not.toBeNull();
    expect(nextWindow(weekly, ms('2031-12-26T16:00Z'))).toBeNull();
  });

  it('names the freeze that ends last first', () => {
    const short = times({ recurrence: null, durationMinutes: 60 });
    const long = times({ recurrence: null, durationMinutes: 600 });
    const now = ms('2026-01-02T15:30Z');
    expect(activeFreezes([short, long], now).map((each) => each.freeze)).toEqual([long, short]);
    expect(activeFreezes([short, long], ms('2026-01-02T16:30Z')).map((each) => each.freeze)).toEqual([long]);
  });
});

describe('what cannot be a freeze', () => {
  const now = ms('2026-06-01T00:00Z');
  it.each([
    ['zone_unknown', { timeZone: 'Europe/Atlantis' }],
    ['zone_unknown', { timeZone: '+02:00' }],
    ['moment_unknown', { startsAt: '2026-02-30T10:00' }],
    ['moment_unknown', { startsAt: '2026-01-01T24:30' }],
    ['rule_unknown', { recurrence: 'FREQ=MONTHLY;BYMONTHDAY=40' }],
    ['rule_unknown', { recurrence: 'FREQ=DAILY;INTERVAL=0' }],
    ['rule_unknown', { recurrence: 'FREQ=WEEKLY;UNTIL=20260230' }],
    ['until_not_a_day', { recurrence: 'FREQ=WEEKLY;UNTIL=20311226T235959' }],
    ['until_not_a_day', { recurrence: 'FREQ=WEEKLY;UNTIL=20311226T120000Z;BYDAY=FR' }],
    ['never', { recurrence: null }],
    ['never', { recurrence: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30' }],
  ] as [string, Partial<FreezeTimes>][])('is refused with %s', (code, over) => {
    const problem = problemOfTimes(times(over), now);
    expect(problem?.code).toBe(code);
    expect(problem?.sentence).toMatch(/^[A-Z].*\.$/);
  });

  it('takes what is right', () => {
    expect(problemOfTimes(times(), now)).toBeNull();
    expect(problemOfTimes(times({ timeZone: 'UTC' }), now)).toBeNull();
  });

  it.each([
    'FREQ=WEEKLY;BYDAY=1FR',
    'FREQ=HOURLY',
    'BYDAY=FR',
    'FREQ=DAILY;FREQ=DAILY',
    'FREQ=WEEKLY;BYMONTHDAY=1',
    'FREQ=YEARLY;BYMONTH=0',
  ])('does not understand %s', (rule) => expect(parseRecurrence(rule)).toBeNull());
});

describe('a freeze in words', () => {
  it.each([
    ['Every Friday 16:00–23:59, Europe/Berlin', { durationMinutes: 479 }],
    ['Every Friday and Saturday 16:00–00:00, Europe/Berlin', { recurrence: 'FREQ=WEEKLY;BYDAY=FR,SA' }],
    ['Every second week on Friday 16:00–00:00, Europe/Berlin', { recurrence: 'FREQ=WEEKLY;INTERVAL=2' }],
    ['Every day in December 16:00–00:00, Europe/Berlin', { recurrence: 'FREQ=DAILY;BYMONTH=12' }],
    [
      'On the last Friday of every month from 16:00 for 2 days and 8 hours, Europe/Berlin',
      { recurrence: 'FREQ=MONTHLY;BYDAY=-1FR', durationMinutes: 56 * 60 },
    ],
    ['On day 2 of every 3 months 16:00–00:00, Europe/Berlin', { recurrence: 'FREQ=MONTHLY;INTERVAL=3' }],
    [
      'Every year on 25 December from 16:00 for 1 day, Europe/Berlin',
      { recurrence: 'FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=25', durationMinutes: 1440 },
    ],
    [
      'Every Friday 16:00–17:00, Europe/Berlin, until 31 December 2026',
      { recurrence: 'FREQ=WEEKLY;UNTIL=20261231', durationMinutes: 60 },
    ],
    ['2 January 2026 16:00–17:00, Europe/Berlin', { recurrence: null, durationMinutes: 60 }],
    ['2 January 2026 16:00 – 3 January 2026 00:00, Europe/Berlin', { recurrence: null }],
  ] as [string, Partial<FreezeTimes>][])('%s', (says, over) => expect(freezeSays(times(over))).toBe(says));
});
