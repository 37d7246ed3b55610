import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { onBeat } from './beats';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('all that ask for the same beat have it in the same moment, and nothing ticks when nobody does', () => {
  const [early, late, other] = [vi.fn(), vi.fn(), vi.fn()];
  const stop = [onBeat(100, early), onBeat(70, other)];
  vi.advanceTimersByTime(60);
  stop.push(onBeat(100, late));
  vi.advanceTimersByTime(40);
  expect([early, late, other].map((each) => each.mock.calls.length)).toEqual([1, 1, 1]);
  stop[0]?.();
  vi.advanceTimersByTime(100);
  expect([early, late].map((each) => each.mock.calls.length)).toEqual([1, 2]);
  for (const end of stop) end();
  expect(vi.getTimerCount()).toBe(0);
  const again = onBeat(100, early);
  vi.advanceTimersByTime(100);
  expect(early).toHaveBeenCalledTimes(2);
  again();
});
