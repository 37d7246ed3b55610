import { expect, test, vi } from 'vitest';
import { Batches } from './batches';

test('one that comes alone waits for nothing; those that come meanwhile go together, each with its own outcome', async () => {
  const first = Promise.withResolvers<void>();
  const work = vi.fn(async (items: string[]) => {
    if (items.includes('first')) await first.promise;
    return new Map(items.map((item) => [item, item === 'bad' ? new Error('Not this one.') : item.length]));
  });
  const batches = new Batches<string, number>(work);
  const alone = batches.add('first');
  const together = ['a', 'bad', 'ccc'].map((item) => batches.add(item));
  expect(work.mock.calls).toEqual([[['first']]]);
  first.resolve();
  expect(await alone).toBe(5);
  expect(await Promise.allSettled(together)).toMatchObject([
    { value: 1 },
    { reason: expect.objectContaining({ message: 'Not this one.' }) },
    { value: 3 },
  ]);
  expect(work.mock.calls).toEqual([[['first']], [['a', 'bad', 'ccc']]]);
});

test('a round that fails whole fails its own items only', async () => {
  const work = vi.fn(async (items: number[]) => {
    if (items.includes(0)) throw new Error('Away.');
    return new Map(items.map((item) => [item, item]));
  });
  const batches = new Batches<number, number>(work);
  const [zero, one] = [batches.add(0), batches.add(1)];
  await expect(zero).rejects.toThrow('Away.');
  expect(await one).toBe(1);
});

test('an item that is forgotten is told so', async () => {
  const batches = new Batches<number, number>(async () => new Map());
  await expect(batches.add(1)).rejects.toThrow('no answer');
});
