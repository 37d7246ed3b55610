import { expect, test } from 'vitest';
import { bySlot, measuredCharts, stepOfCharts } from './measured-charts';
import { DRAWN } from './own-charts';
import type { Reading } from './verdict';

const DAY = 86_400_000;
const [before, span] = [
  { from: 0, to: 600_000 },
  { from: 600_000, to: 1_200_000 },
];
const reading: Reading = {
  ...{ signal: 'latency', source: 'Prometheus at metrics.example.com', weight: null, problem: null, url: null },
  stepMs: 60_000,
  points: Array.from({ length: 20 }, (_, at) => [at * 60_000, at === 12 ? null : at * 10] as const),
};

test('a slot without a measurement is a gap, and one with several is their mean', () => {
  const points = [
    [10, 4],
    [20, 8],
    [250, 1],
    [-5, 9],
    [990, 9],
  ] as const;
  expect(bySlot(points, { from: 0, to: 300 }, 100)).toEqual([
    [0, 6],
    [100, null],
    [200, 1],
  ]);
});

test('the longest span has no more points than are drawn, the shortest no finer step than is measured', () => {
  const step = stepOfCharts({ from: 90 * DAY, to: 180 * DAY }, { from: 0, to: 90 * DAY });
  expect((90 * DAY) / step).toBeLessThanOrEqual(DRAWN);
  expect(stepOfCharts(span, before)).toBe(30_000);
});

test('both spans are of the one line that was asked for, and what was not read says why', () => {
  const [chart] = measuredCharts({ id: 'tgt_1', name: 'Backend in Production' }, [reading], {
    ...{ span, before, stepMs: 60_000 },
  });
  expect(chart?.title).toBe('Latency of Backend in Production');
  expect(chart).not.toHaveProperty('problem');
  expect(chart?.before[0]?.points.map(([, value]) => value)).toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80, 90]);
  expect(chart?.series[0]).toMatchObject({ of: 9, unit: 'ms', observedAt: '1970-01-01T00:19:00.000Z' });
  expect(chart?.series[0]?.points[2]).toEqual([720_000, null]);
  const silent = { ...reading, points: [], problem: 'It is away.' };
  const [empty] = measuredCharts({ id: 'tgt_1', name: 'Backend' }, [silent], { span, before, stepMs: 60_000 });
  expect(empty).toMatchObject({ says: 'It could not be read: It is away.', problem: 'It is away.', usual: null });
  expect(empty?.series[0]?.of).toBe(0);
});

test('of uptime 19 of 20 moments are at least so good, of the others at most so bad', () => {
  const points = Array.from({ length: 20 }, (_, at) => [600_000 + at * 30_000, at === 7 ? 97 : 99 + at / 100] as const);
  const [uptime, errors] = measuredCharts(
    { id: 'tgt_1', name: 'B' },
    (['uptime', 'errors'] as const).map((signal) => ({ ...reading, signal, points, stepMs: 30_000 })),
    { span, before, stepMs: 30_000 },
  );
  expect([uptime?.usual, errors?.usual]).toEqual([
    { p50: 99.09, p95: 97, sample: 20 },
    { p50: 99.09, p95: 99.18, sample: 20 },
  ]);
});

test('what is measured more seldom than drawn has no gaps because of that; its page and dashboards are linked', () => {
  const points = [1, 2, 3, 4].map((at) => [at * 300_000, at] as const);
  const seldom: Reading = { ...reading, stepMs: 300_000, points, url: 'https://metrics.example.com/graph' };
  const dashboards = [{ label: 'Dashboard', href: 'https://panels.example.com/d/a' }];
  const [chart] = measuredCharts({ id: 'tgt_1', name: 'B' }, [seldom], { span, before, stepMs: 60_000 }, dashboards);
  expect(chart?.series[0]?.points).toEqual([
    [600_000, 2],
    [900_000, 3],
  ]);
  expect(chart?.links?.map(({ href }) => href)).toEqual(['https://metrics.example.com/graph', dashboards[0]?.href]);
});

test('what was summed up to hours is drawn by the hour, with no gaps because of that; what was not stays as fine as it is', () => {
  const HOUR = 3_600_000;
  const old = [0, 1, 2, 3].map((at) => [at * HOUR, 10] as const);
  const fresh = Array.from({ length: 240 }, (_, at) => [4 * HOUR + at * 60_000, 20] as const);
  const summedUp = { until: 4 * HOUR, stepMs: HOUR };
  const [chart] = measuredCharts({ id: 'tgt_1', name: 'B' }, [{ ...reading, points: [...old, ...fresh], summedUp }], {
    ...{ span: { from: 4 * HOUR, to: 8 * HOUR }, before: { from: 0, to: 4 * HOUR }, stepMs: 60_000 },
  });
  expect([chart?.before[0]?.points.length, chart?.before[0]?.of, chart?.series[0]?.of]).toEqual([4, 4, 240]);
});
