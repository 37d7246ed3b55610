import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { askedSpan, filledWith, finestOf, withSpan } from './closer';
import type { HealthView } from './health-view';
import { HealthQuery } from './schemas';
import type { Chart } from './series';
import { NARROWEST_MS, spanNamed } from './ticks';

const MINUTE = 60_000;
const AT = Date.UTC(2026, 10, 20, 10);

describe('what is asked for', () => {
  test('has all that was drawn over, on whole minutes, and is never narrower than is read', () => {
    fc.assert(
      fc.property(fc.nat(1e9), fc.integer({ min: 1, max: 1e9 }), (start, width) => {
        const drawn = { from: AT + start, to: AT + start + width };
        const asked = askedSpan(drawn);
        expect(asked.from).toBeLessThanOrEqual(drawn.from);
        expect(asked.to).toBeGreaterThanOrEqual(drawn.to);
        expect([asked.from % MINUTE, asked.to % MINUTE]).toEqual([0, 0]);
        expect(asked.to - asked.from).toBeGreaterThanOrEqual(NARROWEST_MS);
        expect(asked.to - asked.from).toBeLessThanOrEqual(Math.max(width, NARROWEST_MS) + 2 * MINUTE);
        expect(askedSpan(asked)).toEqual(asked);
      }),
    );
  });

  test('is read back from the address as it was', () => {
    const span = { from: AT, to: AT + 90 * MINUTE };
    expect(withSpan('/health', span)).toBe('/health?from=2026-11-20T10:00:00Z&to=2026-11-20T11:30:00Z');
    const params = new URL(withSpan('/health?days=7', span), 'https://a.test').searchParams;
    expect(spanNamed(params.get('from'), params.get('to'))).toEqual(span);
    expect([spanNamed(null, null), spanNamed('soon', params.get('to')), withSpan('/health', null)]).toEqual([
      null,
      null,
      '/health',
    ]);
  });

  test('needs both ends in their order, ten minutes, and no more days than the whole has', () => {
    const said = (from: string | undefined, to: string | undefined) =>
      HealthQuery.safeParse({ days: '7', from, to }).error?.issues.map(({ path, message }) => `${path} ${message}`);
    expect(said('2026-11-20T10:00:00Z', '2026-11-20T10:10:00Z')).toBeUndefined();
    expect(said('2026-11-20T10:00:00Z', undefined)).toEqual(['to Name both ends of the span, the earlier one first.']);
    expect(said('2026-11-20T10:00:00Z', '2026-11-20T09:00:00Z')).toEqual([
      expect.stringContaining('earlier one first'),
    ]);
    expect(said('2026-11-20T10:00:00Z', '2026-11-20T10:09:59Z')).toEqual(['from Choose 10 minutes or more.']);
    expect(said('2026-11-13T09:59:59Z', '2026-11-20T10:00:00Z')).toEqual(['from Choose 7 days or fewer.']);
    expect(said('yesterday', '2026-11-20T10:00:00Z')?.[0]).toContain('A moment such as');
  });
});

const chart = (key: string, value: number, over: Partial<Chart> = {}): Chart => ({
  ...{ key, title: key, says: `of ${value}`, unit: 'ms', before: [], usual: null, usualBefore: null },
  series: [{ key, label: key, unit: 'ms', shape: 'line', points: [[AT, value]], of: 1, source: 'x', observedAt: null }],
  ...over,
});
const view = (from: number, to: number, charts: Chart[] = []): HealthView => ({
  ...{ days: 7, from, to, before: { from: 2 * from - to, to: from }, component: null, environment: null, charts },
  ...{ markers: [], sources: [], cutAt: null, unmarked: 0, unread: 0 },
  choices: { components: [], environments: [] },
});

describe('what is drawn', () => {
  test('meanwhile is the finest that was read of all of it', () => {
    const [whole, day, hour] = [view(0, 1_000), view(0, 100), view(20, 40)];
    const of = (from: number, to: number) => finestOf([whole, hour, day], { from, to }, whole);
    expect([of(25, 40), of(30, 60), of(90, 110), of(-5, 10)]).toEqual([hour, day, whole, whole]);
  });

  test('of a chart that could not be read is what was known, and it says why', () => {
    const known = view(0, 1_000, [chart('run', 1), chart('errors', 1), chart('latency', 1)]);
    const failed = chart('errors', 0, { says: 'It could not be read: away.', problem: 'away.' });
    const read = view(20, 40, [chart('run', 2), failed, chart('new', 2)]);
    const { view: drawn, old } = filledWith(read, known);
    expect(drawn.charts.map(({ key, says }) => [key, says])).toEqual([
      ['run', 'of 2'],
      ['errors', 'It could not be read: away.'],
      ['latency', 'of 1'],
      ['new', 'of 2'],
    ]);
    expect(drawn.charts[1]?.series[0]?.points).toEqual([[AT, 1]]);
    expect([old, drawn.from]).toEqual([['errors', 'latency'], 20]);
  });
});
