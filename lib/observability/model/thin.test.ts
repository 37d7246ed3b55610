import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bucketMs, shares } from './buckets';
import type { Point } from './series';
import { dotted, thin } from './thin';

const points = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 1e7 }), fc.integer({ min: -1e6, max: 1e6 })), {
    minLength: 1,
    maxLength: 400,
  })
  .map((all) => all.sort((a, b) => a[0] - b[0]) as Point[]);

describe('thinning out', () => {
  test('keeps first, last and both extremes, in order, and no more than asked for', () => {
    fc.assert(
      fc.property(points, fc.integer({ min: 4, max: 60 }), (all, limit) => {
        const kept = thin(all, limit);
        const values = (of: readonly Point[]) => of.map(([, value]) => value ?? 0);
        expect(kept.length).toBeLessThanOrEqual(limit);
        expect([kept[0], kept.at(-1)]).toEqual([all[0], all.at(-1)]);
        expect(Math.max(...values(kept))).toBe(Math.max(...values(all)));
        expect(Math.min(...values(kept))).toBe(Math.min(...values(all)));
        expect(kept.every((point) => all.includes(point))).toBe(true);
        expect([...kept].sort((a, b) => a[0] - b[0])).toEqual(kept);
      }),
    );
  });

  test('an outage of one point among ten thousand stays to be seen', () => {
    const all = Array.from({ length: 10_000 }, (_, at): Point => [at * 1_000, at === 4_321 ? 9e6 : 60_000 + (at % 97)]);
    const kept = thin(all, 800);
    expect(kept.length).toBeLessThanOrEqual(800);
    expect(kept).toContainEqual([4_321_000, 9e6]);
  });

  test('leaves few points as they are, gaps with them', () => {
    const few: Point[] = [
      [1, 5],
      [2, null],
      [3, 7],
    ];
    expect(thin(few, 800)).toEqual(few);
  });
});

describe('shares', () => {
  const DAY = 86_400_000;

  test('a slice without anything is a gap and no zero, and no slice is lost', () => {
    const span = { from: 0, to: 30 * DAY };
    const found = shares(
      [
        { at: DAY / 2, good: true },
        { at: DAY / 2, good: false },
        { at: 29.5 * DAY, good: false },
      ],
      span,
    );
    expect(found).toHaveLength(30);
    expect([found[0]?.[1], found[1]?.[1], found[29]?.[1]]).toEqual([50, null, 0]);
    expect(found.every(([at]) => at >= span.from && at <= span.to)).toBe(true);
  });

  test('a span has about thirty slices', () => {
    const slices = [7, 30, 90].map((days) => (days * DAY) / bucketMs({ from: 0, to: days * DAY }));
    expect(slices).toEqual([28, 30, 30]);
  });
});

describe('dots on a line', () => {
  const line = (count: number): Point[] => Array.from({ length: count }, (_, at) => [at, at % 7]);

  test('a few points have one each', () => {
    expect(dotted([...line(5), [5, null], [6, 1]])).toEqual([...line(5), [6, 1]]);
  });

  test('of many only one that no line reaches has one, or nobody would see it', () => {
    const gap: Point[] = [
      [100, null],
      [101, 4],
      [102, null],
    ];
    expect(dotted(line(100))).toEqual([]);
    expect(dotted([...line(100), ...gap])).toEqual([[101, 4]]);
    expect(dotted([[-2, 3], [-1, null], ...line(100)])).toEqual([[-2, 3]]);
  });
});
