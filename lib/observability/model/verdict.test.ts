import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inFirstUnit, type SignalUnit } from '@/lib/providers/port';
import { judgeHealth, type Reading, type VerdictAsk } from './verdict';
import { USUAL_RULES } from './verdict-rules';

const STEP = 15_000;
const LIVE = Date.parse('2026-11-01T12:00:00Z');
const WINDOW = USUAL_RULES.windowMinutes * 60_000;
const SLOTS = WINDOW / STEP;
const END = LIVE + WINDOW;

type Values = (index: number) => number | null;

/** The window before has slots −SLOTS … −1, the one after 0 … SLOTS − 1. */
function reading(signal: Reading['signal'], of: Values, more: Partial<Reading> = {}): Reading {
  const points = Array.from({ length: 2 * SLOTS }, (_, index) => {
    const slot = index - SLOTS;
    return [LIVE + slot * STEP, of(slot)] as const;
  });
  return { signal, source: 'a test', points, stepMs: STEP, weight: null, problem: null, url: null, ...more };
}

const stepped =
  (before: number, after: number): Values =>
  (slot) =>
    slot < 0 ? before : after;
const traffic = (perSecond = 20) => reading('throughput', () => perSecond);

function judge(readings: Reading[], more: Partial<VerdictAsk> = {}) {
  return judgeHealth({ liveAt: LIVE, now: END, followedAt: null, rules: USUAL_RULES, readings, ...more });
}

describe('the rules', () => {
  test('errors from 0.2 % to 4.1 % are worse, with the numbers and the rule', () => {
    const report = judge([traffic(), reading('errors', stepped(0.2, 4.1))]);
    expect(report).toMatchObject({ verdict: 'worse', closed: true, requests: { before: 36_000, after: 36_000 } });
    expect(report.why).toBe('Error rate: 0.2 % before, 4.1 % since.');
    expect(report.signals[0]?.rule).toContain('1 percentage point or more and to 2 times');
  });

  test.each([
    ['a small growth of many errors', 'errors', 10, 11.5, 'healthy'],
    ['many times almost nothing', 'errors', 0.01, 0.5, 'healthy'],
    ['half as long again', 'latency', 120, 180, 'worse'],
    ['long, but of very little', 'latency', 4, 12, 'healthy'],
    ['a percent less uptime', 'uptime', 100, 99, 'worse'],
    ['better', 'errors', 4, 1, 'healthy'],
  ] as const)('%s', (_, signal, before, after, verdict) => {
    expect(judge([traffic(), reading(signal, stepped(before, after))]).verdict).toBe(verdict);
  });

  test('worse is said two minutes after it went live; healthy only when the window is over', () => {
    const early = { now: LIVE + 120_000 };
    expect(judge([traffic(), reading('errors', stepped(0.2, 4.1))], early)).toMatchObject({
      verdict: 'worse',
      closed: false,
    });
    const sound = judge([traffic(), reading('errors', stepped(0.2, 0.2))], early);
    expect(sound).toMatchObject({
      verdict: 'inconclusive',
      closed: false,
      why: expect.stringContaining('decided at 12:30 UTC'),
    });
  });

  test('the next deployment closes the window: what was not worse by then is not healthy either', () => {
    const followed = { followedAt: LIVE + 300_000 };
    const report = judge([traffic(), reading('errors', (slot) => (slot < 20 ? 0.2 : 50))], followed);
    expect(report).toMatchObject({ verdict: 'inconclusive', closed: true, after: { to: LIVE + 300_000 } });
    expect(report.why).toContain('after 5 minutes');
  });

  test.each([
    ['no traffic', [traffic(0), reading('errors', stepped(0.2, 0.2))], 'Too little traffic: 0 requests since'],
    ['traffic that is not measured', [reading('errors', stepped(0, 0))], 'was not measured'],
    ['gaps', [traffic(), reading('errors', (slot) => (slot % 2 === 0 ? 0 : null))], 'only 50 % of the time'],
    [
      'silence since',
      [traffic(), reading('errors', (slot) => (slot < 0 ? 0 : null))],
      'Nothing has been measured since',
    ],
    ['nothing before', [traffic(), reading('errors', (slot) => (slot < 0 ? null : 0))], 'nothing to compare with'],
    [
      'a source that does not answer',
      [traffic(), reading('errors', stepped(0, 0), { problem: 'It is down.' })],
      'It is down.',
    ],
    ['traffic alone', [traffic()], 'No errors, latency or uptime'],
  ] as const)('%s is inconclusive, with why', (_, readings, why) => {
    expect(judge([...readings])).toMatchObject({ verdict: 'inconclusive', why: expect.stringContaining(why) });
  });

  test('a total outage is worse, though nobody asks any more', () => {
    const gone = [
      reading('throughput', (slot) => (slot < 0 ? 20 : null)),
      reading('errors', (slot) => (slot < 0 ? 0.2 : null)),
    ];
    const report = judge([...gone, reading('uptime', stepped(100, 0))]);
    expect(report).toMatchObject({ verdict: 'worse', why: 'Uptime: 100 % before, 0 % since.' });
  });

  test.each([
    ['one of 60 probes', 1, 'inconclusive'],
    ['two', 2, 'inconclusive'],
    ['three, a minute and a half', 3, 'inconclusive'],
    ['four, which is two minutes', 4, 'worse'],
    ['ten in a row', 10, 'worse'],
  ] as const)('%s failed: a lost packet is no outage', (_, failed, verdict) => {
    const probes = Array.from({ length: 120 }, (_, index): [number, number] => {
      const isDown = index >= 70 && index < 70 + failed;
      return [LIVE + (index - 60) * 30_000, isDown ? 0 : 100];
    });
    const uptime = reading('uptime', () => null, { points: probes, stepMs: 30_000, weight: 1 });
    for (const now of [LIVE + 8 * 60_000, END]) {
      const seen = { ...uptime, points: probes.filter(([at]) => at + 30_000 <= now) };
      const report = judge([seen], { now });
      expect(report.verdict).toBe(verdict);
      if (failed === 1 && now === END)
        expect(report.why).toBe(
          'Uptime: 100 % before, 98.33 % since, but 1 of 60 measurements since was lower: too few to say, from 4 on it is worse.',
        );
    }
  });

  test('errors are a share of the requests, not of the minutes', () => {
    const isPeak = (slot: number) => (slot + SLOTS) % SLOTS < 3;
    const peak = judge([
      reading('throughput', (slot) => (isPeak(slot) ? 2_000 : 0.1)),
      reading('errors', (slot) => (slot >= 0 && isPeak(slot) ? 35 : 0.1)),
    ]);
    expect([peak.verdict, Math.round(peak.signals[0]?.after ?? 0)]).toEqual(['worse', 35]);
    const night = judge([
      reading('throughput', (slot) => ((slot + SLOTS) % SLOTS < 60 ? 100 : 0.02)),
      reading('errors', (slot) => (slot >= SLOTS - 4 ? 100 : 0.1)),
    ]);
    expect([night.verdict, night.signals[0]?.why]).toEqual([
      'healthy',
      '0.1 % before, 0.1 % since: not worse by the rule.',
    ]);
  });

  test.each([
    ['errors', 100, '20 % or more'],
    ['uptime', 0, 'below 90 %'],
  ] as const)('%s as bad as before are not worse, and never healthy', (signal, level, why) => {
    const report = judge([traffic(), reading(signal, stepped(level, level))]);
    expect(report).toMatchObject({ verdict: 'inconclusive', why: expect.stringContaining(why) });
  });

  test('probes of our own count themselves: they need no throughput', () => {
    expect(judge([reading('latency', stepped(100, 400), { weight: 1 })]).verdict).toBe('worse');
    expect(judge([reading('uptime', stepped(100, 100), { weight: 1 })]).verdict).toBe('healthy');
  });
});

describe('whatever is measured', () => {
  const share = fc.integer({ min: 0, max: 10_000 }).map((n) => n / 100);
  const values = fc.array(share, { minLength: 2 * SLOTS, maxLength: 2 * SLOTS });
  const RANK = { healthy: 0, inconclusive: 1, worse: 2 };
  const errorsOf = (all: readonly number[]) => reading('errors', (slot) => all[slot + SLOTS] ?? null);

  test('more errors since never make the verdict better', () => {
    fc.assert(
      fc.property(values, fc.nat({ max: SLOTS - 1 }), share, (all, slot, more) => {
        const worse = all.map((value, index) => (index >= SLOTS + slot ? Math.min(100, value + more) : value));
        const [was, is] = [judge([traffic(), errorsOf(all)]), judge([traffic(), errorsOf(worse)])];
        expect(RANK[is.verdict]).toBeGreaterThanOrEqual(RANK[was.verdict]);
      }),
      { numRuns: 60 },
    );
  });

  test.each([
    ['latency', 'ms', 'seconds', 1000],
    ['errors', 'percent', 'ratio', 100],
    ['uptime', 'percent', 'ratio', 100],
  ] as const)('%s in %s or in %s is one verdict with one number', (signal, first, second, times) => {
    fc.assert(
      fc.property(share, share, (before, after) => {
        const as = (unit: SignalUnit, divided: number) =>
          reading(signal, (slot) => inFirstUnit((slot < 0 ? before : after) / divided, unit));
        expect(judge([traffic(), as(second, times)])).toEqual(judge([traffic(), as(first, 1)]));
      }),
      { numRuns: 60 },
    );
  });

  test('silence is never healthy: without what was measured since, or without traffic, nothing is', () => {
    const hole = fc.constantFrom<'since' | 'before' | 'all'>('since', 'before', 'all');
    fc.assert(
      fc.property(
        values,
        hole,
        fc.constantFrom('errors', 'latency', 'uptime'),
        fc.boolean(),
        (all, where, signal, counted) => {
          const silent: Values = (slot) =>
            where === 'all' || slot < 0 === (where === 'before') ? null : (all[slot + SLOTS] ?? null);
          const lines = [reading(signal, silent), reading('throughput', counted ? silent : () => 0)];
          expect(judge(lines).verdict).toBe('inconclusive');
          const sound = [traffic(), reading('uptime', () => 100), reading(signal, silent)];
          expect(judge(sound).verdict).not.toBe('healthy');
        },
      ),
      { numRuns: 60 },
    );
  });

  test('before the window is over nothing is healthy', () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 0, max: WINDOW - 1 }), (all, after) => {
        expect(judge([traffic(), errorsOf(all)], { now: LIVE + after }).verdict).not.toBe('healthy');
      }),
      { numRuns: 60 },
    );
  });
});
