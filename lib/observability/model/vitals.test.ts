import { expect, test } from 'vitest';
import { rateVital, VITALS } from './vitals';

const of = (key: string) => VITALS.find((each) => each.key === key) ?? expect.fail(`no ${key}`);

test.each([
  ['lcpMs', 2_500, 'good', '2.50 s'],
  ['lcpMs', 2_501, 'needs-improvement', '2.50 s'],
  ['lcpMs', 4_000, 'needs-improvement', '4.00 s'],
  ['lcpMs', 4_001, 'poor', '4.00 s'],
  ['inpMs', 200, 'good', '200 ms'],
  ['inpMs', 500, 'needs-improvement', '500 ms'],
  ['inpMs', 501, 'poor', '501 ms'],
  ['cls', 0.1, 'good', '0.10'],
  ['cls', 0.25, 'needs-improvement', '0.25'],
  ['cls', 0.26, 'poor', '0.26'],
  ['cls', 0, 'good', '0.00'],
])('%s of %d is %s by web.dev’s thresholds, written %s', (key, figure, rating, written) => {
  expect([rateVital(of(key), figure), of(key).write(figure)]).toEqual([rating, written]);
});
