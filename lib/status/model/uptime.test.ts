import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PROBE_SECONDS } from '../../observability/model/verdict-rules';
import { type DayCount, dayNamed, levelOf, percentOf, SLOT_SECONDS, shareOf, UPTIME_DAYS, uptimeOf } from './uptime';

const TODAY = '2026-11-27';
const NOON = 43_200;
const ago = (days: number) => new Date(Date.parse(`${TODAY}T00:00:00Z`) - days * 86_400_000).toISOString().slice(0, 10);
const count = fc.record({ ok: fc.nat(2_880), failed: fc.nat(2_880) });
const history = fc
  .uniqueArray(fc.nat(UPTIME_DAYS - 1), { maxLength: UPTIME_DAYS })
  .chain((days) => fc.tuple(...days.map((back) => count.map((each): DayCount => ({ day: ago(back), ...each })))));

test('a sample stands for as long as our own probes wait between two', () => {
  expect(SLOT_SECONDS).toBe(PROBE_SECONDS);
});

describe('the arithmetic of uptime', () => {
  test('is the hand-made one of a small history', () => {
    const { from, days, share, measuredDays } = uptimeOf(
      [
        { day: ago(0), ok: 1_440, failed: 0 },
        { day: ago(1), ok: 2_851, failed: 29 },
        { day: ago(2), ok: 100, failed: 0 },
        { day: ago(90), ok: 0, failed: 2_880 },
      ],
      TODAY,
      NOON,
    );
    expect([from, dayNamed(from, UPTIME_DAYS - 1), days.length]).toEqual([ago(89), TODAY, 90]);
    expect(days.slice(-4)).toEqual([null, [1, 0.03], [0.98993, 1], [1, 1]]);
    expect(days.slice(-4).map(levelOf)).toEqual(['none', 'thin', 'bad', 'up']);
    // (1440 + 2851 + 100) of 4420; the ninety-first day back is told no more.
    expect([share, measuredDays]).toEqual([0.99343, 3]);
  });

  test('silence is a gap: never green, and it moves no figure', () => {
    fc.assert(
      fc.property(history, (counts) => {
        const { days, share, measuredDays } = uptimeOf(counts, TODAY, NOON);
        const silent = days.filter((day) => day === null);
        expect(silent.every((day) => levelOf(day) === 'none')).toBe(true);
        expect(measuredDays + silent.length).toBe(UPTIME_DAYS);
        const heard = counts.filter(({ ok, failed }) => ok + failed > 0);
        expect(measuredDays).toBe(heard.length);
        expect(uptimeOf(heard, TODAY, NOON).share).toBe(share);
        if (heard.length === 0) expect(share).toBeNull();
      }),
    );
  });

  test('one failed sample is never rounded away, and no share leaves 0 to 1', () => {
    fc.assert(
      fc.property(fc.nat(10_000_000), fc.integer({ min: 0, max: 10_000_000 }), (ok, failed) => {
        const share = shareOf(ok, failed);
        expect(share === null).toBe(ok + failed === 0);
        if (share === null) return;
        expect(share === 1).toBe(failed === 0);
        expect(share).toBeGreaterThanOrEqual(0);
        expect(share).toBeLessThanOrEqual(ok / (ok + failed));
        expect(percentOf(share) === '100 %').toBe(failed === 0);
      }),
    );
  });

  test('the whole lies between its best and its worst day, and the order of the counts says nothing', () => {
    fc.assert(
      fc.property(history, (counts) => {
        const { days, share } = uptimeOf(counts, TODAY, NOON);
        expect(uptimeOf([...counts].reverse(), TODAY, NOON)).toEqual(uptimeOf(counts, TODAY, NOON));
        const shares = days.flatMap((day) => (day ? [day[0]] : []));
        expect(share === null).toBe(shares.length === 0);
        if (share === null) return;
        // Both are cut to five digits.
        expect(share).toBeGreaterThanOrEqual(Math.min(...shares) - 0.00002);
        expect(share).toBeLessThanOrEqual(Math.max(...shares) + 0.00002);
      }),
    );
  });

  test('a failure more makes no day better, and green needs half of the day', () => {
    const order = ['up', 'thin', 'slight', 'bad'];
    fc.assert(
      fc.property(count, ({ ok, failed }) => {
        const level = (more: number) =>
          levelOf(uptimeOf([{ day: ago(1), ok, failed: failed + more }], TODAY, NOON).days.at(-2) ?? null);
        if (ok + failed > 0) expect(order.indexOf(level(1))).toBeGreaterThanOrEqual(order.indexOf(level(0)));
        if (level(0) === 'up') expect(ok).toBeGreaterThanOrEqual(1_440);
      }),
    );
  });

  test('today is measured against what is over of it', () => {
    const at = (elapsed: number) => uptimeOf([{ day: TODAY, ok: 60, failed: 0 }], TODAY, elapsed).days.at(-1);
    expect([at(0), at(1_800), at(3_600), at(NOON)]).toEqual([
      [1, 1],
      [1, 1],
      [1, 0.5],
      [1, 0.04],
    ]);
  });
});
