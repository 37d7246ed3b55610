import { expect, test } from 'vitest';
import type { HealthAsk, HealthSource } from '../model/series';
import { MOST_CLOSER, SHARED_MS, shared } from './shared-answer';

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

test('a named span stays where it is: the same is shared, another of the same length is asked for', async () => {
  const { own, asked } = source();
  const [owner, clock] = [{}, { now: 0 }];
  const read = (to: number) => shared(owner, own, () => clock.now).read({ ...ask(to), named: true });
  for (const to of [5_000, 5_000, 6_000, 5_000]) await read(to);
  expect(asked).toEqual([5_000, 6_000]);
  await shared(owner, own, () => clock.now).read(ask(5_000));
  expect(asked, 'the last days are another question').toHaveLength(3);
});

test('a target is not asked for one span after the other without end; what was read and the last days go on', async () => {
  const { own, asked } = source();
  const [owner, clock] = [{}, { now: 0 }];
  const read = (to: number, of = own) => shared(owner, of, () => clock.now).read({ ...ask(to), named: true });
  for (let n = 0; n < MOST_CLOSER; n++) await read(n);
  await expect(read(99)).rejects.toMatchObject({
    code: 'too_many_spans',
    sentence: expect.stringContaining('Wait 30'),
  });
  await read(3);
  await read(99, { ...own, id: 'tgt_2' });
  await shared(owner, own, () => clock.now).read(ask(99));
  clock.now = SHARED_MS;
  await read(99);
  expect(asked).toHaveLength(MOST_CLOSER + 3);
});
