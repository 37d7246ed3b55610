import { expect, test } from 'vitest';
import { newId } from './ids';

test('an id is its prefix and 26 characters, also for a time with a fraction of a millisecond', () => {
  for (const now of [0, 1_790_000_000_000, 1_790_000_000_000.37]) {
    expect(newId('dep', now)).toMatch(/^dep_[0-9a-hjkmnp-tv-z]{26}$/);
  }
});

test('a later id sorts after an earlier one', () => {
  const ids = [1_790_000_000_002.5, 1_790_000_000_001, 1_800_000_000_000].map((now) => newId('dep', now));
  expect([...ids].sort()).toEqual([ids[1], ids[0], ids[2]]);
});
