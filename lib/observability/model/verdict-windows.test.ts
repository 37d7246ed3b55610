import { describe, expect, test } from 'vitest';
import { judgeHealth, type Reading, type VerdictAsk } from './verdict';
import { USUAL_RULES } from './verdict-rules';

const STEP = 15_000;
const MINUTE = 60_000;
const LIVE = Date.parse('2026-11-01T12:00:00Z');
const FIVE = 5 * MINUTE;

/** From an hour before it was live to an hour after; `minutes`: since it was live. */
function reading(signal: Reading['signal'], of: (minutes: number) => number, more: Partial<Reading> = {}): Reading {
  const points = Array.from({ length: 480 }, (_, index) => {
    const at = LIVE + (index - 240) * STEP;
    return [at, of((at - LIVE) / MINUTE)] as const;
  });
  return { signal, source: 'a test', points, stepMs: STEP, weight: null, problem: null, url: null, ...more };
}
const ofFive = { reachesBackMs: FIVE };
/** A mean over five minutes of a level that changed at a moment (in minutes). */
const changed = (from: number, to: number, at: number) => (minutes: number) =>
  from + (to - from) * Math.min(1, Math.max(0, (minutes - at) / 5));

function judge(readings: readonly Reading[], minutes: number, { windowMinutes = 30, ...more }: Windowed = {}) {
  const rules = { ...USUAL_RULES, windowMinutes };
  const now = LIVE + minutes * MINUTE;
  const seen = [reading('throughput', () => 20, ofFive), ...readings].map((each) => ({
    ...each,
    points: each.points.filter(([at]) => at + STEP <= now),
  }));
  return judgeHealth({ liveAt: LIVE, now, followedAt: null, rules, readings: seen, ...more });
}
type Windowed = Partial<VerdictAsk> & { windowMinutes?: number };

describe('values that are a mean over five minutes', () => {
  const grown = reading('errors', changed(0.2, 1.4, 0), ofFive);

  test('of a short window those count that are of the new version alone', () => {
    expect(judge([grown], 10, { windowMinutes: 10 }).verdict).toBe('worse');
    const mixed = judge([{ ...grown, reachesBackMs: 0 }], 10, { windowMinutes: 10 });
    expect(mixed.verdict, 'the mean with those of both').toBe('healthy');
  });

  test('of a window that has none of those nothing is called healthy', () => {
    const report = judge([reading('errors', () => 0.2, ofFive)], 5, { windowMinutes: 5 });
    expect(report).toMatchObject({ verdict: 'inconclusive', closed: true });
    expect(report.why).toBe(
      'Error rate: 0.2 % before, 0.2 % since: each value reaches 5 minutes back, and 0 of at least 4 are of this version alone.',
    );
  });

  test('worse is said within two minutes all the same, and so is what was worse at first only', () => {
    expect(judge([reading('errors', changed(0.2, 12, 0), ofFive)], 2).verdict).toBe('worse');
    const burst = reading('errors', (minutes) => (minutes >= 0 && minutes < 6 ? 10 : 0.2), ofFive);
    expect(judge([burst], 30).verdict).toBe('worse');
  });

  test('an outage is worse as soon as it has lasted two minutes longer than a value reaches back, in the shortest window too', () => {
    const down = reading('uptime', changed(100, 0, 0), ofFive);
    expect(judge([down], 7).verdict).toBe('inconclusive');
    expect(judge([down], 7.25).verdict).toBe('worse');
    expect(judge([down], 12, { windowMinutes: 12 }).verdict).toBe('worse');
  });

  test.each([5, 10])(
    'two scrapes that got lost (%i percent each), however far apart, are no outage together',
    (share) => {
      const lost = (at: number) => (m: number) => (m >= at && m < at + 5 ? share : 0);
      for (let second = -0.5; second <= 15; second += 0.25) {
        const up = reading('uptime', (m) => 100 - lost(-0.5)(m) - lost(second)(m), ofFive);
        for (let minutes = 1; minutes <= 30; minutes += 1)
          expect(judge([up], minutes).verdict, `${second} at ${minutes}`).not.toBe('worse');
      }
    },
  );

  test('an instance of ten that stays away is an outage; what is said of a shorter one is how long and how much', () => {
    const away = (from: number, to: number) =>
      reading('uptime', (m) => changed(100, 90, from)(m) + 10 * Math.min(1, Math.max(0, (m - to) / 5)), ofFive);
    expect(judge([away(0, 60)], 30).verdict).toBe('worse');
    const signal = (of: Reading) => judge([of], 30).signals[0];
    expect(signal(away(3, 13))).toMatchObject({
      rule: 'Worse when it falls by 1 percentage point or more, and was lower for two minutes or more in all beyond the 5 minutes that each value reaches back.',
      why: expect.stringMatching(
        /^100 % before, 96.14 % since, but 57 of 120 measurements since were lower, and each value reaches 5 minutes back: as much as 60 seconds of outage, too little to say\.$/,
      ),
    });
    const lost = reading('uptime', (m) => (m >= 10 && m < 15 ? 90 : 100), ofFive);
    expect(signal(lost)?.why).toMatch(
      /but 20 of 120 measurements since were lower, and each value reaches 5 minutes back: less than 2 minutes of outage, too little to say\.$/,
    );
  });

  test('one scrape that got lost is in all of them, and still no outage', () => {
    const up = (lost: number) => reading('uptime', (m) => (m >= 10 && m < 15 ? 100 - 8 * lost : 100), ofFive);
    expect(judge([up(1)], 30).verdict).toBe('inconclusive');
  });
});

describe('a slow roll-out', () => {
  const slow = { doneAt: LIVE - 10 * MINUTE };

  test('is compared with what was before it began; what lies between is in neither window', () => {
    const during = reading('errors', (minutes) => (minutes < 0 && minutes >= -10 ? 50 : 0.2));
    const report = judge([during], 30, slow);
    expect(report).toMatchObject({ verdict: 'healthy', closed: true });
    expect([report.before, report.after]).toEqual([
      { from: LIVE - 40 * MINUTE, to: LIVE - 10 * MINUTE },
      { from: LIVE, to: LIVE + 30 * MINUTE },
    ]);
    const grown = reading('errors', (minutes) => (minutes < 0 ? 0.2 : 4));
    expect(judge([grown], 2, slow).verdict).toBe('worse');
  });

  test('is not blamed for errors of its time that reach into the window', () => {
    const during = reading('errors', (m) => (m < -10 ? 0.2 : changed(30, 0.2, 0)(m)), ofFive);
    expect(judge([during], 3, slow)).toMatchObject({
      verdict: 'inconclusive',
      why: expect.stringContaining('0 of at least 4 are of this version alone'),
    });
    expect(judge([during], 30, slow).verdict).toBe('healthy');
  });

  test('of seconds is none: worse is said as early as otherwise', () => {
    const grown = reading('errors', changed(0.2, 12, 0), ofFive);
    expect(judge([grown], 2, { doneAt: LIVE - 20_000 }).verdict).toBe('worse');
  });
});
