import { describe, expect, it } from 'vitest';
import { ProviderError } from '@/lib/providers/port';
import type { DeploymentRow } from './rows';
import { troublePatch } from './trouble';

const away = new ProviderError('unavailable', 'network', 'It cannot be reached.');
const silent = new ProviderError('unavailable', 'not_answering', 'It does not answer.');
const longest = (troubleCount: number, crowd?: number, trouble = away) => {
  const row = { troubleCount } as DeploymentRow;
  return Math.max(...Array.from({ length: 5_000 }, () => troublePatch(row, trouble, crowd).waitSeconds));
};

describe('how long trouble with a provider is waited out', () => {
  it('is ever longer, half a minute at most', () => {
    expect([0, 1, 2, 3, 4, 9].map((tries) => Math.round(longest(tries)))).toEqual([3, 6, 12, 24, 30, 30]);
  });

  it('is a minute at most for each of hundreds that wait for one connection, so that others have their places', () => {
    expect(Math.round(longest(9, 200))).toBe(30);
    expect(Math.round(longest(9, 400))).toBe(50);
    expect(Math.round(longest(9, 5_000))).toBe(60);
    expect(Math.round(longest(0, 5_000)), 'the first times as ever').toBe(3);
  });

  it('is so from the first time on where nothing is sent to a provider that does not answer', () => {
    expect([1, 16, 400, 5_000].map((crowd) => Math.round(longest(0, crowd, silent)))).toEqual([3, 3, 50, 60]);
  });
});
