import { describe, expect, test } from 'vitest';
import { HOLDS_MS, LOOK_HOLDS_MS, type Settled, type Standing, settle } from './settle';
import type { Verdict } from './verdict';

const LOOK = 15_000;
const first: Standing = { verdict: 'inconclusive', judgedAt: null, wasWorse: false, found: null, foundSince: null };

/** One look each 15 s; answers what was said after each. */
function said(looks: readonly Verdict[], closedAtEnd = false): Verdict[] {
  let standing = first;
  return looks.map((verdict, index) => {
    const closed = closedAtEnd && index === looks.length - 1;
    const settled: Settled = settle(standing, { verdict, closed, now: index * LOOK });
    standing = { ...settled, judgedAt: index * LOOK, wasWorse: standing.wasWorse || settled.verdict === 'worse' };
    return settled.verdict;
  });
}

const changes = (words: readonly Verdict[]) => words.filter((word, index) => index > 0 && words[index - 1] !== word);

describe('what is said of a verdict', () => {
  test('the first worse is said at once', () => {
    expect(said(['inconclusive', 'worse'])).toEqual(['inconclusive', 'worse']);
  });

  test('one that goes to and fro with each look is said once, not each time', () => {
    const looks = Array.from({ length: 120 }, (_, index): Verdict => (index % 2 === 0 ? 'worse' : 'inconclusive'));
    expect(changes(said(looks))).toEqual([]);
    expect(said(looks).at(-1)).toBe('worse');
  });

  test('what holds for two minutes is said, and its worse again needs as long', () => {
    const held = HOLDS_MS / LOOK + 1;
    const better = Array<Verdict>(held).fill('inconclusive');
    const words = said(['worse', ...better, ...Array<Verdict>(held - 1).fill('worse')]);
    expect(words.slice(0, held)).toEqual(Array(held).fill('worse'));
    expect(words[held]).toBe('inconclusive');
    expect(words.at(-1)).toBe('inconclusive');
    expect(said(['worse', ...better, ...Array<Verdict>(held).fill('worse')]).at(-1)).toBe('worse');
  });

  test('what was found before a gap between looks does not hold over it', () => {
    const before = { verdict: 'worse', wasWorse: true, found: 'worse', foundSince: 0 } as const;
    const foundSince = (gap: number) =>
      settle({ ...before, judgedAt: HOLDS_MS }, { verdict: 'worse', closed: false, now: HOLDS_MS + gap }).foundSince;
    expect(foundSince(LOOK_HOLDS_MS)).toBe(0);
    expect(foundSince(LOOK_HOLDS_MS + 1)).toBe(HOLDS_MS + LOOK_HOLDS_MS + 1);
  });

  test('the last look counts, however short it holds', () => {
    expect(said(['worse', 'worse', 'healthy'], true).at(-1)).toBe('healthy');
  });
});
