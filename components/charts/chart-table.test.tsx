import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import type { Chart } from '@/lib/observability/model/series';
import { ChartTable } from './chart-table';
import { nearest } from './units';

const HOUR = 3_600_000;
const line = { key: 'x', label: 'x', unit: 'percent', shape: 'line', of: 2, source: 'x', observedAt: null } as const;
const chart: Chart = {
  ...{ key: 'x', title: 'Errors', says: '', unit: 'percent', usual: null, usualBefore: null },
  series: [
    {
      ...line,
      points: [
        [100 * HOUR, 4],
        [110 * HOUR, 5],
      ],
    },
  ],
  before: [
    {
      ...line,
      points: [
        [0, 1],
        [10 * HOUR + 1_000, null],
      ],
    },
  ],
};
const table = (before: number | null) =>
  renderToStaticMarkup(<ChartTable {...{ chart, before }} markers={[]} span={{ from: 100 * HOUR, to: 120 * HOUR }} />)
    .replace(/<\/t[dh]>/g, '|')
    .replace(/<[^>]*>/g, '');

test('compared as a table has a column for what was then, and a dash where nothing was measured near it', () => {
  expect(table(100 * HOUR)).toMatch(/When\|Errors\|Before\|What happened then\|.*5 %\|–\|\|.*4 %\|1 %\|\|$/);
  expect(table(null)).not.toContain('Before');
});

test('the nearest is within reach, or none is', () => {
  const points = [
    [0, 1],
    [10, 2],
    [20, null],
  ] as const;
  expect([nearest(points, 8, 3), nearest(points, 15, 3), nearest(points, 19, 3), nearest([], 0, 9)]).toEqual([
    2,
    undefined,
    null,
    undefined,
  ]);
});
