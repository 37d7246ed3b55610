import { expect, test } from 'vitest';
import { METRICS } from './dora';
import { type Figures, figuresOf } from './dora-figures';
import { inWords } from './figure-words';

const DAY = 86_400_000;
const minutes = (ms: number) => `${ms / 60_000} m`;

test('nothing to count from is neither good nor bad', () => {
  const none = figuresOf([], { from: 0, to: 7 * DAY });
  expect(METRICS.map((metric) => inWords(metric, none, minutes).value)).toEqual(['None', '–', '–', '–', '–']);
});

test('what is not known, and what is not mended, is said beside the number', () => {
  const figures: Figures = {
    frequency: { value: 0.5, count: 15, days: 30, activeDays: 1 },
    lead_time: { value: 60_000, p90: 120_000, known: 3, unknown: 2 },
    failure_rate: { value: 100 / 3, failed: 5, of: 15 },
    recovery_time: { value: null, p90: null, recovered: 0, open: 5 },
    rework_rate: { value: 0, rework: 0, of: 1 },
  };
  expect(METRICS.map((metric) => inWords(metric, figures, minutes))).toEqual([
    { value: '3.5 a week', detail: '15 in 30 days, on 1 day' },
    { value: '1 m', detail: '90 % within 2 m (3); of 2 more it is not known' },
    { value: '33.3 %', detail: '5 of 15 changes' },
    { value: 'Not yet', detail: '5 failed changes not mended yet' },
    { value: '0 %', detail: '0 of 1 deployment' },
  ]);
});
