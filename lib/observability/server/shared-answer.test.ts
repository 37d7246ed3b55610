import { expect, test } from 'vitest';
import type { HealthAsk, HealthSource } from '../model/series';
import { SHARED_MS, shared } from './shared-answer';

const ask = (to: number, length = 1_000): HealthAsk => ({
  ...{ from: to - length, to, before: { from: to - 2 * length, to: to - length } },
  ...{ componentId: null, environmentIds: [] },
});

function source(fails = false) {
  const asked: number[] = [];
  const own: HealthSource = {
    ...{ id: 'tgt_1', label: 'What measures it' },
    read: async ({ to }) => {
      asked.push(to);
      if (fails) throw new Error('away');
      return { charts: [], markers: [], cutAt: null };
    },
  };
  return { own, asked };
}

test('a hundred viewers ask a target once in 30 s, and each span by itself', async () => {
  const { own, asked } = source();
  const [owner, clock] = [{}, { now: 0 }];
  const read = (to: number, length?: number) => shared(owner, own, () => clock.now).read(ask(to, length));
  await Promise.all(Array.from({ length: 100 }, (_, index) => read(5_000 + index)));
  expect(asked).toHaveLength(1);
  clock.now = SHARED_MS - 1;
  await read(9_000);
  expect(asked).toHaveLength(1);
  await read(9_000, 2_000);
  expect(asked).toHaveLength(2);
  clock.now = SHARED_MS;
  await read(9_500);
  expect(asked).toEqual([5_000, 9_000, 9_500]);
});

test('who is away is asked no more often than who answers', async () => {
  const { own, asked } = source(true);
  const owner = {};
  for (let n = 0; n < 3; n++) await expect(shared(owner, own, () => 0).read(ask(5_000))).rejects.toThrow('away');
  expect(asked).toHaveLength(1);
});
