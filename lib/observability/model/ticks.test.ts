import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Unit } from './series';
import { type Extent, moved, NARROWEST_MS, nearest, timeLabel, timeTicks, valueTicks, zoomed } from './ticks';

const DAY = 86_400_000;
const FROM = Date.UTC(2026, 10, 2);

describe('the axes', () => {
  test('of time have whole hours and days, no more than fit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 3_600_000, max: 100 * DAY }), fc.integer({ min: 2, max: 9 }), (width, most) => {
        const ticks = timeTicks({ from: FROM + 1234, to: FROM + 1234 + width }, most);
        expect(ticks.length).toBeLessThanOrEqual(most + 1);
        expect(ticks.every((at) => at % 60_000 === 0)).toBe(true);
      }),
    );
    expect(timeTicks({ from: FROM, to: FROM + 30 * DAY }, 6).map((at) => timeLabel(at, [FROM, FROM + DAY]))).toEqual([
      '5 Nov',
      '12 Nov',
      '19 Nov',
      '26 Nov',
    ]);
    expect(timeLabel(FROM + 6 * 3_600_000, [FROM, FROM + 3_600_000])).toBe('06:00');
  });

  test('of values begin at nothing and end above the greatest', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e10 }), fc.constantFrom('ms', 'count' as const), (greatest, unit) => {
        const ticks = valueTicks({ least: 0, greatest }, unit as 'ms');
        expect(ticks[0]).toBe(0);
        expect(ticks.at(-1)).toBeGreaterThanOrEqual(greatest);
        expect(ticks.length).toBeLessThanOrEqual(6);
      }),
    );
    expect(valueTicks({ least: 5, greatest: 250_000 }, 'ms')).toEqual([0, 120_000, 240_000, 360_000]);
    expect(valueTicks({ least: 33, greatest: 33 }, 'percent', 'success')).toEqual([0, 25, 50, 75, 100]);
  });

  test.each<[Extent, Unit, string, number[]]>([
    [{ least: 80, greatest: 120 }, 'ms', 'latency', [0, 50, 100, 150]],
    [{ least: 300, greatest: 1_200 }, 'ms', 'latency', [0, 500, 1_000, 1_500]],
    [{ least: 0.2, greatest: 4.1 }, 'percent', 'errors', [0, 2, 4, 6]],
    [{ least: 0, greatest: 0.1 }, 'percent', 'errors', [0, 0.05, 0.1]],
    [{ least: 0, greatest: 100 }, 'percent', 'errors', [0, 50, 100]],
    [{ least: 97, greatest: 99.9 }, 'percent', 'uptime', [97, 98, 99, 100]],
    [{ least: 99.96, greatest: 100 }, 'percent', 'uptime', [99.96, 99.97, 99.98, 99.99, 100]],
    [{ least: 0, greatest: 100 }, 'percent', 'uptime', [0, 50, 100]],
    [{ least: 0, greatest: 0.3 }, 'per_second', 'throughput', [0, 0.1, 0.2, 0.3]],
  ])('of %o are as close as what is drawn, of %s (%s)', (extent, unit, line, ticks) => {
    expect(valueTicks(extent, unit, line)).toEqual(ticks);
  });
});

describe('zooming', () => {
  test('never leaves the whole, and out of in is where one was, or wider', () => {
    const whole = { from: FROM, to: FROM + 30 * DAY };
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 30 * DAY }),
        fc.array(fc.constantFrom('in', 'out' as const)),
        (at, ways) => {
          let span = whole;
          for (const way of ways) span = zoomed(span, whole, FROM + at, way as 'in');
          expect(span.from).toBeGreaterThanOrEqual(whole.from);
          expect(span.to).toBeLessThanOrEqual(whole.to);
          expect(span.to - span.from).toBeGreaterThanOrEqual(NARROWEST_MS - 1);
        },
      ),
    );
    expect(moved({ from: FROM - DAY, to: FROM }, whole)).toEqual({ from: FROM, to: FROM + DAY });
  });

  test('the nearest point is found at both ends and between', () => {
    const points = [10, 20, 40].map((at) => [at, 1] as const);
    expect([0, 14, 16, 99].map((at) => nearest(points, at))).toEqual([0, 0, 1, 2]);
    expect(nearest([], 5)).toBe(-1);
  });
});
