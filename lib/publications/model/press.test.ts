import { describe, expect, it } from 'vitest';
import { chosenAtFirst, goesThroughFreeze, keyAfter, openedFor, outcomeWords, publicOnes } from './press';

const place = (targetId: string, over = {}) => ({
  ...{ targetId, gallery: targetId, audience: 'own' as const, closed: null, mayOverride: false, cell: null },
  ...over,
});
const places = [
  place('own'),
  place('open', { audience: 'public' }),
  place('shut', { closed: { code: 'locked', sentence: 'No.' } }),
  place('has it', { cell: { state: 'verified' } }),
];

describe('a press on Publish', () => {
  it('never goes to everybody without somebody having chosen that', () => {
    expect(chosenAtFirst(places)).toEqual(['own']);
    expect(publicOnes(places, new Set(['own', 'open'])).map(({ targetId }) => targetId)).toEqual(['open']);
  });

  it('goes through a freeze with a reason where that may be said, and only where something is chosen there', () => {
    const closed = { code: 'pinned_freeze', sentence: 'No.' };
    const frozen = [
      place('may', { closed, mayOverride: true }),
      place('may not', { closed, mayOverride: false }),
      place('open', { mayOverride: false }),
    ];
    expect(chosenAtFirst(openedFor(frozen, null))).toEqual(['open']);
    expect(chosenAtFirst(openedFor(frozen, 'Customers wait'))).toEqual(['may', 'open']);
    expect(goesThroughFreeze(frozen, new Set(['may']))).toBe(true);
    expect(goesThroughFreeze(frozen, new Set(['may not', 'open']))).toBe(false);
  });

  it('is another one after any answer, and the same one only where the answer got lost', () => {
    const next = (answer: Parameters<typeof keyAfter>[1]) => keyAfter('first', answer, () => 'second');
    expect(next({ ok: true })).toBe('second');
    expect(next({ ok: false, refusal: { code: 'other_content' } })).toBe('second');
    expect(next({ ok: false, refusal: { code: 'unreachable' } })).toBe('first');
  });

  it('that was sent before and has failed since is told as such, and not as being on its way', () => {
    const of = { targetId: 't', place: 'Here', deploymentId: 'dep_1', number: 3, code: null, sentence: null };
    expect(outcomeWords({ ...of, outcome: 'repeated', status: 'failed' })).toMatchObject({ tone: 'bad' });
    expect(outcomeWords({ ...of, outcome: 'repeated', status: 'timed_out' }).words).toContain('timed out');
    expect(outcomeWords({ ...of, outcome: 'created', status: 'queued' })).toMatchObject({ tone: 'good' });
    expect(outcomeWords({ ...of, outcome: 'created', status: 'awaiting_approval' })).toMatchObject({ tone: 'warn' });
    const refused = { ...of, deploymentId: null, status: null, sentence: 'Because.', outcome: 'refused' } as const;
    expect(outcomeWords(refused)).toEqual({ tone: 'bad', title: 'Here: not asked for', words: 'Because.' });
  });
});
