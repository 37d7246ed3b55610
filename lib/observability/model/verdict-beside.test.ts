import { describe, expect, test } from 'vitest';
import type { HealthAlert } from '@/lib/providers/port';
import { judgeHealth, type Reading } from './verdict';
import { alertReasons, type Beside, KEPT_BESIDE, keptBeside, withAlerts } from './verdict-beside';
import { USUAL_RULES } from './verdict-rules';

const LIVE = Date.parse('2026-11-01T12:00:00Z');
const MINUTE = 60_000;
const alert = (since: number | null, more: Partial<HealthAlert> = {}): HealthAlert => ({
  ...{ name: 'HighErrorRate', state: 'firing', severity: 'page', sentence: 'Many requests fail.' },
  since: since === null ? null : new Date(since).toISOString(),
  ...more,
});
const beside = (alerts: HealthAlert[], more: Partial<Beside> = {}): Beside => ({
  ...{ source: 'Prometheus at metrics.example.com', judged: true, alerts, issues: [], more: 0, problem: null, ...more },
});

/** A deployment whose numbers are fine, 30 minutes after it went live. */
function judge(list: Beside[], more: { followedAt?: number | null; errors?: number } = {}) {
  const line = (signal: Reading['signal'], value: number): Reading => ({
    ...{ signal, source: 'a test', stepMs: MINUTE, weight: null, problem: null, url: null },
    points: Array.from({ length: 60 }, (_, index) => [LIVE + (index - 30) * MINUTE, value] as const),
  });
  const readings = [line('throughput', 20), line('errors', more.errors ?? 0.2)];
  const frame = { liveAt: LIVE, now: LIVE + 30 * MINUTE, followedAt: more.followedAt ?? null, rules: USUAL_RULES };
  return judgeHealth({ ...frame, readings, beside: list });
}

describe('alerts beside the numbers', () => {
  test('one that fires since it went live makes it worse, whatever the numbers say', () => {
    const report = judge([beside([alert(LIVE + 3 * MINUTE)])]);
    expect(report).toMatchObject({ verdict: 'worse', why: '“HighErrorRate” has been firing since 12:03 UTC.' });
    expect(report.beside).toHaveLength(1);
  });

  test.each<[string, Beside[], string]>([
    ['it fired before', [beside([alert(LIVE - MINUTE)])], 'since before it went live'],
    ['nobody says since when', [beside([alert(null)])], 'does not say since when'],
    ['nobody answers', [beside([], { problem: 'It has trouble.' })], 'It has trouble.'],
  ])('where %s it is not called healthy, and not worse', (_, list, why) => {
    expect(judge(list)).toMatchObject({ verdict: 'inconclusive', why: expect.stringContaining(why) });
  });

  test.each<[string, Beside[]]>([
    ['it is only about to fire', [beside([alert(LIVE + MINUTE, { state: 'pending' })])]],
    ['it is only shown', [beside([alert(LIVE + MINUTE)], { judged: false })]],
    ['nothing fires', [beside([])]],
    ['who is only shown does not answer', [beside([], { judged: false, problem: 'It has trouble.' })]],
  ])('where %s the numbers decide', (_, list) => {
    expect(judge(list).verdict).toBe('healthy');
  });

  test('one that began after the next deployment is not this one’s', () => {
    const followedAt = LIVE + 10 * MINUTE;
    expect(judge([beside([alert(LIVE + 11 * MINUTE)])], { followedAt }).verdict).toBe('inconclusive');
    expect(judge([beside([alert(LIVE + 9 * MINUTE)])], { followedAt }).verdict).toBe('worse');
  });

  test('calm alerts never make healthy what was not measured', () => {
    const frame = { liveAt: LIVE, now: LIVE + 30 * MINUTE, followedAt: null, rules: USUAL_RULES };
    expect(judgeHealth({ ...frame, readings: [], beside: [beside([])] }).verdict).toBe('inconclusive');
    const calm = alertReasons([beside([])], { liveAt: LIVE, until: LIVE + 1 });
    const sad = { verdict: 'inconclusive', why: 'Too little traffic.' } as const;
    expect(withAlerts(sad, calm)).toEqual(sad);
  });
});

test('what fires is kept before what only warns, and what is left out is counted', () => {
  const alerts = Array.from({ length: KEPT_BESIDE + 2 }, () => alert(LIVE, { state: 'pending' }));
  const kept = keptBeside({ source: 's', judged: true }, { alerts: [...alerts, alert(LIVE)], issues: [] });
  expect([kept.alerts[0]?.state, kept.alerts.length, kept.more]).toEqual(['firing', KEPT_BESIDE, 3]);
});
