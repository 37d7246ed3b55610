import { expect, test } from 'vitest';
import { becameOf, daysSince, newestOn, sumsBy } from './published';

const now = Date.UTC(2026, 10, 27, 12);
const before = (days: number) => now - days * 86_400_000;

test('sums of the past only grow and stay below what the gallery counts now, and are the same each time', () => {
  const days = daysSince(before(26), now);
  expect(days).toHaveLength(26);
  const sums = sumsBy(days, 1_000, 3);
  expect(sums).toEqual(sumsBy(days, 1_000, 3));
  expect(sums).toEqual([...sums].sort((a, b) => a - b));
  expect(sums.at(-1)).toBeLessThan(1_000);
  expect(sumsBy([], 1_000, 3)).toEqual([]);
});

test('a day belongs to the version that came last by then', () => {
  const versions = [
    { version: '0.9.2', from: before(9) },
    { version: '0.9.1', from: before(17) },
  ];
  const on = (days: number) => newestOn(new Date(before(days)).toISOString().slice(0, 10), versions);
  expect([on(20), on(17), on(10), on(9), on(1)]).toEqual([null, '0.9.1', '0.9.1', '0.9.2', '0.9.2']);
});

test('the newest version waits for a press everywhere', () => {
  expect(becameOf('0.9.4', 'own', '0.9.4')).toBeNull();
  expect(becameOf('0.9.2', 'open', '0.9.4')?.state).toBe('verified');
});
