import { describe, expect, it } from 'vitest';
import { PLACED_STATES } from '../../providers/port';
import { publicationObserved } from './observation';
import { mayBecome, minutesFor, PUBLICATION_STATES, stateOf, WORKING } from './publication';

const about = { label: 'Open VSX', overdue: false, shown: true };
const within = { validating: 30, scanning: 240, active: 15, quarantined: 4320 };

describe('states of a publication', () => {
  it('is verified only after it was active: no other way leads there', () => {
    const ways = [null, ...PUBLICATION_STATES].filter((from) => mayBecome(from, 'verified'));
    expect(ways).toEqual(['active']);
  });

  it('never goes back to a state that it has left, but by a new deployment', () => {
    const back = PUBLICATION_STATES.flatMap((from) =>
      (['accepted', 'validating'] as const).filter((to) => mayBecome(from, to)).map((to) => `${from}>${to}`),
    );
    expect(back).toEqual(['accepted>validating', 'rejected>accepted', 'unlisted>accepted']);
  });

  it('takes neither an unknown word nor a version that is not shown for news', () => {
    expect(PLACED_STATES.filter((placed) => stateOf(placed) === null)).toEqual(['absent', 'unrecognised']);
  });

  it('gives every state in which something is waited for a deadline, and no other', () => {
    const timed = PUBLICATION_STATES.filter((state) => minutesFor(state, within) !== null);
    expect(timed).toEqual(WORKING);
  });
});

describe('what the engine makes of a state', () => {
  it('is done only where the gallery says active, and an unknown word is never success', () => {
    const states = [...PUBLICATION_STATES, 'unrecognised'] as const;
    const done = states.filter((state) => publicationObserved({ state, sentence: null }, about).phase === 'done');
    expect(done).toEqual(['active', 'verified']);
    expect(publicationObserved({ state: 'unrecognised', sentence: null }, about).phase).toBe('unrecognised');
  });

  it.each(['accepted', 'validating', 'scanning', 'quarantined'] as const)(
    'waits while it is %s, says for whom, and ends with a sentence when that lasts too long',
    (state) => {
      const waits = publicationObserved({ state, sentence: null }, about);
      expect(waits.phase).toBe('waiting');
      expect(waits.waitingFor).toContain('Open VSX');
      const ends = publicationObserved({ state, sentence: null }, { ...about, overdue: true });
      expect(ends.phase).toBe('failed');
      expect(ends.failure?.sentence).toMatch(/nothing is sent twice\.$/);
    },
  );
});
