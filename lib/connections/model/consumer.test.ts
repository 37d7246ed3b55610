import { expect, test } from 'vitest';
import { BACKGROUND, budgetWaitMs, type Consumer, partOf } from './consumer';

/** Who may still look at the beginning of an hour, when so much of a share of 200 is used. */
const go = (used: number, detail = false) =>
  BACKGROUND.filter((consumer: Consumer) => {
    const about = { limit: 1_000, percent: 20, elapsedMs: 0, part: partOf(consumer, detail) };
    return budgetWaitMs({ ...about, used }) === 0;
  });

test('what is only good to know gives way first; what runs and what is live share the rest', () => {
  expect(go(39)).toEqual(['watch', 'reconcile', 'survey', 'announce']);
  expect(go(40)).toEqual(['watch', 'reconcile']);
  expect(go(79)).toEqual(['watch', 'reconcile']);
  expect(go(80)).toEqual([]);
  expect(go(40, true), 'details of what runs').toEqual([]);
});

test('a share of a few requests still looks at what is live', () => {
  const about = { limit: 60, percent: 5, elapsedMs: 0, used: 0 };
  expect(budgetWaitMs({ ...about, part: partOf('reconcile', false) })).toBe(0);
});
