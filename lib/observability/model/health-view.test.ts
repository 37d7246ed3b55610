import { expect, test } from 'vitest';
import { isAllEmpty } from './health-view';
import type { Chart } from './series';

const chart: Chart = {
  ...{ key: 'errors', title: 'Error rate', says: '', unit: 'percent', before: [], usual: null, usualBefore: null },
  series: [
    {
      key: 'errors',
      label: 'Error rate',
      unit: 'percent',
      shape: 'line',
      points: [],
      of: 0,
      source: 'x',
      observedAt: null,
    },
  ],
};

test('a page without a point is empty, and one that could not be read is not: it says why', () => {
  expect(isAllEmpty([chart, chart])).toBe(true);
  expect(isAllEmpty([chart, { ...chart, problem: 'It refused the credential.' }])).toBe(false);
});
