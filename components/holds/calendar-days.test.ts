import { describe, expect, test } from 'vitest';
import { type Bar, barsOf, hoursOn, midnight, weeksOf } from './calendar-days';
import { spanUntil } from './moment';

const november = new Date(2026, 10, 1);
const at = (day: number, hour: number) => new Date(2026, 10, day, hour).getTime();
const bar = (from: number, to: number): Bar => ({
  freeze: { id: 'frz_1', name: 'Sale', scope: { environment: null, component: null, target: null } },
  from,
  to,
});

describe('the weeks of a month', () => {
  test('begin on Monday and hold every day of the month once', () => {
    const weeks = weeksOf(november, []);
    const days = weeks.flat().filter((day) => day.inMonth);
    expect(days.map((day) => new Date(day.at).getDate())).toEqual(Array.from({ length: 30 }, (_, day) => day + 1));
    expect(weeks.every(([first]) => new Date(first?.at ?? 0).getDay() === 1)).toBe(true);
    expect(weeks.every((week) => week.length === 7)).toBe(true);
  });

  test('every month of ten years is whole, also where the clock changes', () => {
    for (let month = 0; month < 120; month++) {
      const first = new Date(2026, month, 1);
      const days = weeksOf(first, []).flat();
      expect(days.filter((day) => day.inMonth).length).toBe(new Date(2026, month + 1, 0).getDate());
      expect(days.every((day) => new Date(day.at).getHours() === 0)).toBe(true);
    }
  });

  test('a window over three days stands in each of them, and not in the one that it only touches', () => {
    const days = weeksOf(november, [bar(at(27, 16), at(30, 0))]).flat();
    expect(days.filter((day) => day.bars.length > 0).map((day) => new Date(day.at).getDate())).toEqual([27, 28, 29]);
  });
});

describe('the hours of a window on a day', () => {
  const friday = { at: at(27, 0) };

  test('end at midnight when it goes on', () => {
    expect(hoursOn(friday, bar(at(27, 16), at(30, 8)))).toBe('16:00–24:00');
  });

  test('begin at midnight when it began before', () => {
    expect(hoursOn({ at: at(30, 0) }, bar(at(27, 16), at(30, 8)))).toBe('00:00–08:00');
  });

  test('are the whole day in the middle', () => {
    expect(hoursOn({ at: at(28, 0) }, bar(at(27, 16), at(30, 8)))).toBe('all day');
  });
});

test('windows of a freeze that is gone are left out, the others come in order', () => {
  const freeze = { id: 'frz_1', name: 'Sale', scope: { environment: null, component: null, target: null } } as never;
  const windows = [
    { freezeId: 'frz_1', from: '2026-11-28T00:00:00Z', to: '2026-11-29T00:00:00Z' },
    { freezeId: 'frz_2', from: '2026-11-01T00:00:00Z', to: '2026-11-02T00:00:00Z' },
    { freezeId: 'frz_1', from: '2026-11-20T00:00:00Z', to: '2026-11-21T00:00:00Z' },
  ];
  expect(barsOf({ freezes: [freeze], windows }).map((each) => new Date(each.from).toISOString().slice(8, 10))).toEqual([
    '20',
    '28',
  ]);
});

test('a day has 24 hours except where the clock changes: midnight is always midnight', () => {
  expect(midnight(new Date(2026, 2, 29, 12), 1).getHours()).toBe(0);
});

test.each([
  [0, '0 min'],
  [59_000, '1 min'],
  [59.5 * 60_000, '1 h'],
  [130 * 60_000, '2 h 10 min'],
  [76 * 3_600_000, '3 d 4 h'],
])('%d ms ahead reads as %s', (ms, words) => {
  expect(spanUntil(1_000_000 + ms, 1_000_000)).toBe(words);
});
