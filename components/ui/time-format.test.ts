import { describe, expect, it } from 'vitest';
import { formatClock, formatRelative, formatSpan, formatUtc } from './time-format';

const MIN = 60_000;
const HOUR = 60 * MIN;
const DAY = 24 * HOUR;

describe('time words', () => {
  it('spans name at most two units and drop a zero', () => {
    expect([0, 45_900, 130_000, 120_000, 65 * MIN, 3 * DAY + 4 * HOUR, -5].map(formatSpan)).toEqual([
      '0 s',
      '45 s',
      '2 m 10 s',
      '2 m',
      '1 h 5 m',
      '3 d 4 h',
      '0 s',
    ]);
  });

  it('clocks keep two digits for seconds and, past an hour, for minutes', () => {
    expect([7_000, 760_000, HOUR + 2 * MIN + 9_000].map(formatClock)).toEqual(['0:07', '12:40', '1:02:09']);
  });

  it('relative times look both ways and never say 60 min or 24 h', () => {
    const now = Date.UTC(2026, 2, 8);
    const at = (ago: number) => formatRelative(now - ago, now);
    expect([10_000, 50_000, 4 * MIN, 59.6 * MIN, 23.6 * HOUR, 2 * DAY, 90 * DAY, -3 * HOUR].map(at)).toEqual([
      'just now',
      '1 min ago',
      '4 min ago',
      '1 h ago',
      '1 d ago',
      '2 d ago',
      '3 mo ago',
      'in 3 h',
    ]);
  });

  it('absolute times are UTC and say so', () => {
    expect(formatUtc(Date.UTC(2026, 2, 8, 21, 4, 33))).toBe('2026-03-08 21:04 UTC');
  });
});
