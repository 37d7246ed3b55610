import { describe, expect, test } from 'vitest';
import { judgeHealth, type Reading, type VerdictAsk, type VerdictReport } from './verdict';
import { USUAL_RULES } from './verdict-rules';
import { type SoundLevel, soundLevels } from './verdict-sound';

const STEP = 15_000;
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const LIVE = Date.parse('2026-11-01T12:00:00Z');
const SLOTS = (USUAL_RULES.windowMinutes * MINUTE) / STEP;
const END = LIVE + SLOTS * STEP;

/** One level before it was live, another since. */
function reading(signal: Reading['signal'], before: number, after: number, more: Partial<Reading> = {}): Reading {
  const points = Array.from({ length: 2 * SLOTS }, (_, index): [number, number] => [
    LIVE + (index - SLOTS) * STEP,
    index < SLOTS ? before : after,
  ]);
  return { signal, source: 'a test', points, stepMs: STEP, weight: null, problem: null, url: null, ...more };
}
const SOUND = [reading('throughput', 20, 20), reading('errors', 0.2, 0.2)];

const judge = (readings: readonly Reading[], more: Partial<VerdictAsk> = {}) =>
  judgeHealth({ liveAt: LIVE, now: END, followedAt: null, rules: USUAL_RULES, readings, ...more });
const errors = (before: number, after: number, sound: readonly SoundLevel[] = []) =>
  judge([reading('throughput', 20, 20), reading('errors', before, after)], { sound });

describe('what comes on top of what was found worse', () => {
  /** Each deployment with what the one before it handed on, as they follow each other. */
  const inTurn = (...levels: [number, number][]) => {
    let last: VerdictReport | null = null;
    return levels.map(([before, after], index) => {
      const handedOn = last && soundLevels({ number: index, liveAt: LIVE, report: last }, END);
      last = errors(before, after, handedOn ?? []);
      return last.verdict;
    });
  };

  test('is not healthy while it is as bad, the same commit or another, however often', () => {
    expect(inTurn([0.2, 15], [15, 15], [15, 15], [15, 14.5])).toEqual([
      ...['worse', 'inconclusive', 'inconclusive', 'inconclusive'],
    ]);
    const [level] = soundLevels({ number: 5, liveAt: LIVE, report: errors(0.2, 15) }, END);
    expect(errors(15, 15, level ? [level] : []).why).toBe(
      'Error rate: 15 % before, 15 % since: not worse by the rule, but it was 0.2 % before #5, which was found worse.',
    );
  });

  test('is healthy once it is as it was before that, and then nothing has to be reached any more', () => {
    expect(inTurn([0.2, 15], [15, 3], [3, 0.3], [0.3, 0.9])).toEqual([
      ...['worse', 'inconclusive', 'healthy', 'healthy'],
    ]);
  });

  test('is measured by what was sound first, and only by the signals that were worse', () => {
    const first = soundLevels({ number: 5, liveAt: LIVE, report: errors(0.2, 4) }, END);
    const second = soundLevels({ number: 6, liveAt: LIVE, report: errors(4, 15, first) }, END);
    expect(second).toEqual([{ signal: 'errors', source: 'a test', level: 0.2, number: 5, liveAt: LIVE }]);
    const slower = [...SOUND, reading('latency', 400, 400)];
    expect(judge(slower, { sound: first }).verdict).toBe('healthy');
  });

  test('is let be after two weeks: too much else has changed', () => {
    const at = (now: number) => soundLevels({ number: 5, liveAt: LIVE, report: errors(0.2, 15) }, now);
    expect([at(LIVE + 14 * DAY).length, at(LIVE + 14 * DAY + 1).length]).toEqual([1, 0]);
  });
});

describe('what is not called healthy though no number is worse', () => {
  test('less than a fifth of the traffic: who does not get there has no errors', () => {
    const lost = (after: number) => judge([reading('throughput', 20, after), reading('errors', 0, 0)]);
    expect(lost(4).verdict).toBe('healthy');
    expect(lost(0.1)).toMatchObject({
      verdict: 'inconclusive',
      why: 'Nothing was worse, but less than a fifth of the traffic is left: 36000 requests before, 180 since.',
    });
    const few = [reading('throughput', 0.01, 0), reading('uptime', 100, 100)];
    expect(judge(few).verdict, 'a fifth of almost nothing is chance').toBe('healthy');
  });

  test('drift ends its window, and what was measured after that is not blamed on it', () => {
    const since = LIVE + 5 * MINUTE;
    const bad = reading('errors', 0.2, 0.2);
    const points = bad.points.map(([at, value]) => [at, at >= since ? 50 : value] as const);
    const report = judge([reading('throughput', 20, 20), { ...bad, points }], { elseThere: { since } });
    expect(report).toMatchObject({
      ...{ verdict: 'inconclusive', closed: true, after: { to: since } },
      why: 'Nothing was worse, but something else was seen live there after 5 minutes, before the window was over.',
    });
  });

  test('what is seen there after its window, or of the deployment that followed it, is not about it', () => {
    const late = { now: END + 60 * MINUTE };
    expect(judge(SOUND, { ...late, elseThere: { since: END + MINUTE } }).verdict).toBe('healthy');
    expect(judge(SOUND, { ...late, elseThere: { since: null }, followedAt: END + MINUTE }).verdict).toBe('healthy');
  });

  test.each([null, LIVE - MINUTE])('something else is seen there at the end (drift since %s)', (since) => {
    const seen = judge(SOUND, { elseThere: { since } });
    expect(seen).toMatchObject({ verdict: 'inconclusive', why: expect.stringContaining('something else than this') });
  });
});

test('what is still being counted at the end is waited for: a short window can be healthy', () => {
  const rules = { ...USUAL_RULES, windowMinutes: 5 };
  const until = LIVE + 5 * MINUTE;
  const lineAt = (now: number, signal: Reading['signal'], level: number): Reading => ({
    ...reading(signal, level, level, { stepMs: MINUTE, settlesMs: 90_000 }),
    points: Array.from({ length: 10 }, (_, index) => {
      const at = until - (10 - index) * MINUTE;
      return [at, at + MINUTE <= now - 90_000 ? level : null] as const;
    }),
  });
  const at = (now: number) => judge([lineAt(now, 'throughput', 20), lineAt(now, 'errors', 0.2)], { rules, now });
  expect(at(until)).toMatchObject({ verdict: 'inconclusive', closed: false });
  expect(at(until + 90_000)).toMatchObject({ verdict: 'healthy', closed: true });
});
