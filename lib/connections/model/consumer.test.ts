import { expect, test } from 'vitest';
import { BACKGROUND, budgetWaitMs, type Consumer, partOf } from './consumer';

/** Who may still look at the beginning of an hour, when so much of a share of 200 is used. */
const go = (used: number, detail = false) =>
  BACKGROUND.filter((consumer: Consumer) => {
    const about = { limit: 1_000, percent: 20, elapsedMs: 0, part: partOf(consumer, detail) };
    return budgetWaitMs({ ...about, used }) === 0;
  });

test('what is only good to know gives way first, then what is live, and last whether what runs has ended', () => {
  expect(go(39)).toEqual(['watch', 'reconcile', 'survey', 'announce']);
  expect(go(40)).toEqual(['watch', 'reconcile']);
  expect(go(64)).toEqual(['watch']);
  expect(go(79)).toEqual(['watch']);
  expect(go(80)).toEqual([]);
  expect(go(40, true), 'details of what runs').toEqual([]);
});
