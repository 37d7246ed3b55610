import { expect, test } from 'vitest';
import { ownCharts } from './own-charts';
import { DAY, delivery, HOUR, MINUTE, MONDAY } from './testing/deliveries';

const span = { from: MONDAY, to: MONDAY + DAY };
const before = { from: MONDAY - DAY, to: MONDAY };
const drawn = (key: string, ...deliveries: ReturnType<typeof delivery>[]) =>
  ownCharts(deliveries, span, before).find((each) => each.key === key)?.series[0]?.points;

test('a run ends when the provider says so: how long it was looked at afterwards is in the time to live alone', () => {
  const asked = MONDAY + HOUR;
  const finishedAt = asked + 3 * HOUR;
  const looked = delivery(asked, { finishedAt });
  expect(drawn('run', looked)).toEqual([[finishedAt, 7 * MINUTE]]);
  expect(drawn('live', looked)).toEqual([[finishedAt, 3 * HOUR]]);
});

test('a run of which the provider never said done ends with the deployment', () => {
  const failed = delivery(MONDAY + HOUR, { status: 'failed', doneAt: null });
  expect(drawn('run', failed)).toEqual([[failed.finishedAt, 8 * MINUTE]]);
});
