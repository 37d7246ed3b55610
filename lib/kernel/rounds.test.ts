import { expect, test, vi } from 'vitest';
import { Rounds } from './rounds';

const open = <V>() => Promise.withResolvers<V>();

test('whoever asks during a round gets what a later one saw, and all of them the same', async () => {
  const rounds = new Rounds<number>();
  const first = open<number>();
  const work = vi.fn((shared: boolean) => (shared ? Promise.resolve(2) : first.promise));
  const alone = rounds.join('a', work);
  const others = Promise.all([rounds.join('a', work), rounds.join('a', work), rounds.join('a', work)]);
  expect(work).toHaveBeenCalledTimes(1);
  first.resolve(1);
  expect(await alone).toBe(1);
  expect(await others).toEqual([2, 2, 2]);
  expect(work.mock.calls).toEqual([[false], [true]]);
});

test('keys do not wait for each other, and what has ended is forgotten', async () => {
  const rounds = new Rounds<string>();
  const hanging = open<string>();
  void rounds.join('a', () => hanging.promise);
  expect(await rounds.join('b', async () => 'b')).toBe('b');
  expect(await rounds.join('b', async (shared) => `again, ${shared}`)).toBe('again, false');
});

test('a round that fails fails its own callers only', async () => {
  const rounds = new Rounds<string>();
  const first = open<string>();
  const alone = rounds.join('a', () => first.promise);
  const second = rounds.join('a', async () => 'well');
  first.reject(new Error('no'));
  await expect(alone).rejects.toThrow('no');
  expect(await second).toBe('well');
});

test('behind a round that hangs the next one begins all the same', async () => {
  vi.useFakeTimers();
  const rounds = new Rounds<string>();
  void rounds.join('a', () => new Promise<string>(() => {}));
  const second = rounds.join('a', async () => 'went on');
  await vi.advanceTimersByTimeAsync(501);
  expect(await second).toBe('went on');
  vi.useRealTimers();
});
