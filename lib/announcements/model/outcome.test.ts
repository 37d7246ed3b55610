import { describe, expect, it } from 'vitest';
import { nextTrySeconds, outcomeOf, STALE_TRIES, type Standing } from './outcome';

const told: Standing = { shown: true, trouble: null };
const refused: Standing = { shown: false, trouble: { kind: 'refused' } };
const stale: Standing = { shown: true, trouble: { kind: 'refused' } };
const skipped: Standing = { shown: false, trouble: { kind: 'skipped' } };
const down = (shown: boolean, ambiguous = false): Standing => ({ shown, trouble: { kind: 'passing', ambiguous } });
const next = (ways: Standing[], more: { tries?: number; last?: boolean } = {}) => {
  const { state, seconds } = outcomeOf(ways, { tries: 1, last: false, ...more });
  return [state, seconds];
};

describe('what becomes of a row after a pass', () => {
  it('stays open until the last word is said, and ends with it', () => {
    expect([next([told]), next([told], { last: true })]).toEqual([
      ['open', null],
      ['done', null],
    ]);
    expect(next([{ shown: false, trouble: null }], { last: true })).toEqual(['left', null]);
  });

  it('never leaves what is shown because somebody refused: each hour for a week, also at the last word', () => {
    for (const last of [false, true]) {
      expect(next([stale], { last })).toEqual(['open', 3_600]);
      expect(next([stale, refused], { last })).toEqual(['open', 3_600]);
      expect(next([told, stale], { last, tries: STALE_TRIES - 1 })).toEqual(['open', 3_600]);
      expect(next([stale], { last, tries: STALE_TRIES })).toEqual(['dead', null]);
    }
    expect(next([told, stale], { tries: STALE_TRIES }), 'the other way goes on').toEqual(['open', null]);
  });

  it('ends where nothing is shown and nothing may be, and not while one way is open', () => {
    expect([next([refused]), next([skipped]), next([skipped, refused])]).toEqual([
      ['refused', null],
      ['left', null],
      ['refused', null],
    ]);
    expect(next([told, refused])).toEqual(['open', null]);
    expect(next([told, refused], { last: true })).toEqual(['done', null]);
  });

  it('tries passing trouble ten times, and what may be there each hour after that', () => {
    expect([next([down(false)]), next([down(false), stale])]).toEqual([
      ['open', 5],
      ['open', 5],
    ]);
    expect(next([down(false)], { tries: 10 })).toEqual(['dead', null]);
    expect(next([down(true, true)], { tries: 10 })).toEqual(['open', 3_600]);
    expect(next([told, down(false)], { tries: 10 }), 'one way is given up, the other not').toEqual(['open', null]);
  });

  it('a limit is waited for and is no failure', () => {
    const limited: Standing = { shown: true, trouble: { kind: 'limited', seconds: 70 } };
    expect(outcomeOf([limited, down(true)], { tries: 200, last: true })).toEqual({
      ...{ state: 'open', seconds: 70, settled: false, failed: false },
    });
  });

  it('waits longer each time, a minute at least after a lost answer, and gives up', () => {
    const waits = [1, 2, 3, 9].map((tries) => nextTrySeconds(tries, { ambiguous: false }));
    expect(waits).toEqual([5, 10, 20, 900]);
    expect(nextTrySeconds(1, { ambiguous: true })).toBe(60);
    expect(nextTrySeconds(10, { ambiguous: false })).toBeNull();
  });
});
