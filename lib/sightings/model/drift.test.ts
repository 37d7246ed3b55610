import { describe, expect, test } from 'vitest';
import { driftOf, type Known, nextLookSeconds } from './drift';

const sha = (digit: string) => digit.repeat(40);
const release = (number: number, digit: string) => ({ number, sha: sha(digit), version: `1.${number}.0` });
const known: Known = { current: release(10, 'a'), inFlight: [], past: [] };
const says = (over: { sha?: string | null; version?: string | null; byName?: string | null }) => ({
  sha: null,
  version: null,
  byName: null,
  ...over,
});

describe('what is live', () => {
  test.each([
    ['our current commit', says({ sha: sha('a') }), known],
    ['seven digits of it', says({ sha: 'aaaaaaa' }), known],
    ['our current version', says({ version: 'v1.10.0' }), known],
    ['one on its way', says({ sha: sha('b') }), { ...known, inFlight: [release(11, 'b')] }],
    ['anything, where we never deployed', says({ sha: sha('c') }), { ...known, current: null }],
    ['nothing that can be read', says({}), known],
  ] as const)('%s is no drift', (_, seen, facts) => {
    expect(driftOf(seen, facts)).toBeNull();
  });

  test('somebody else’s commit is, with who did it and what should be there', () => {
    expect(driftOf(says({ sha: sha('c'), byName: 'octocat' }), known)).toBe(
      'Somebody deployed ccccccc outside this console (octocat); #10 (aaaaaaa) should be live.',
    );
    expect(driftOf(says({ sha: sha('c') }), { ...known, inFlight: [release(11, 'b')] })).toContain('ccccccc');
    expect(driftOf(says({ version: '2.0' }), known)).toContain('Somebody deployed 2.0 outside this console');
    expect(driftOf(says({ sha: 'aaaaaab' }), known), 'a digit that differs').not.toBeNull();
    expect(driftOf(says({ sha: 'aaaaaa' }), known), 'six digits prove nothing').not.toBeNull();
  });

  test('one of our own that is not the current one is named', () => {
    const past = [
      { ...release(9, 'd'), status: 'timed_out' },
      { ...release(8, 'e'), status: 'succeeded' },
    ] as const;
    expect(driftOf(says({ sha: sha('d') }), { ...known, past })).toBe(
      'ddddddd is live, although #9 ended here as “Timed out”; #10 (aaaaaaa) should be live.',
    );
    expect(driftOf(says({ sha: sha('e') }), { ...known, past })).toBe(
      'Somebody deployed eeeeeee again outside this console, an earlier version (#8); #10 (aaaaaaa) should be live.',
    );
  });
});

test('an idle target is looked at again within five minutes, with room for the round that does it', () => {
  for (const random of [0, 0.5, 0.999999]) {
    expect(nextLookSeconds(random)).toBeGreaterThanOrEqual(225);
    expect(nextLookSeconds(random)).toBeLessThanOrEqual(270);
  }
});
