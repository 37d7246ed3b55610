import { describe, expect, test } from 'vitest';
import type { GateFacts } from '@/lib/gates/model/facts';
import { firstClosed, gates } from '@/lib/gates/model/gates';
import { type BakedFact, compareBaked, namesInWords, readBaked } from './baked';
import { whyNotPromoted } from './promotion';

const value = (name: string, hash: string) => ({ name: `NEXT_PUBLIC_${name}`, hash: hash.repeat(64) });
const FACTS: GateFacts = {
  ...{ environmentName: 'Production', mayRequest: true, kind: 'promote', pins: [] },
  connection: { name: 'Host', state: 'ok', hasCredential: true },
};
const refusal = (baked: BakedFact | null, over: Partial<GateFacts> = {}) =>
  firstClosed(gates({ ...FACTS, baked, ...over }));

describe('public values in a build that is promoted', () => {
  test('those of another place close the gate, by name and never by value', () => {
    const fact = compareBaked('Staging', [value('API', 'a'), value('B', 'b')], [value('API', 'c'), value('B', 'b')]);
    expect(fact).toMatchObject({ state: 'differs', names: ['NEXT_PUBLIC_API'] });
    const closed = refusal(fact);
    expect(closed).toMatchObject({ code: 'baked_differs', sentence: expect.stringContaining('NEXT_PUBLIC_API') });
    expect(closed?.sentence).not.toContain('aaaa');
  });

  test('one that only either side has is a difference, too', () => {
    expect(compareBaked('S', [value('A', 'a')], []).names).toEqual(['NEXT_PUBLIC_A']);
    expect(compareBaked('S', [], [value('A', 'a')]).names).toEqual(['NEXT_PUBLIC_A']);
  });

  test('what a build was told not to compare is said, and not that there is nothing', () => {
    const fact = { ...compareBaked('Staging', [], null), leftOut: ['NEXT_PUBLIC_API'] };
    const said = gates({ ...FACTS, baked: fact }).find(({ kind }) => kind === 'baked');
    expect(said?.sentence).toContain('NEXT_PUBLIC_API');
    expect(said?.sentence).not.toContain('no public values in it');
  });

  test('without a build to compare with, it is not let through', () => {
    expect(refusal(compareBaked('Staging', [value('A', 'a')], null))).toMatchObject({ code: 'baked_unproven' });
  });

  test('values under another salt are not called different: the sentence says what to do', () => {
    const salts = { build: 'a'.repeat(16), own: 'b'.repeat(16) };
    const closed = refusal(compareBaked('S', [value('API', 'a')], [value('API', 'b')], salts));
    expect(closed).toMatchObject({
      code: 'baked_other_salt',
      sentence: expect.stringContaining('AETHERSTACK_BAKED_SALT'),
    });
    const same = compareBaked('S', [value('API', 'a')], [value('API', 'a')], { ...salts, own: salts.build });
    expect(same.state).toBe('same');
    // A name that only one side has differs under any salt.
    expect(compareBaked('S', [], [value('A', 'a')], salts)).toMatchObject({
      state: 'differs',
      names: [value('A', 'a').name],
    });
    expect(compareBaked('S', [value('API', 'a')], [value('API', 'a')], { ...salts, own: null }).state).toBe('same');
    expect(compareBaked('S', [], [], salts).state, 'nothing to compare').toBe('none');
  });

  test('with values of the place to keep, a build whose record was not read is not let through', () => {
    const closed = refusal(compareBaked('Staging', null, [value('API', 'a')]));
    expect(closed).toMatchObject({ code: 'baked_unread', sentence: expect.stringContaining('NEXT_PUBLIC_API') });
  });

  test.each([
    ['the same values', compareBaked('S', [value('A', 'a')], [value('A', 'a')])],
    ['no values', compareBaked('S', [], null)],
    ['no record on either side', compareBaked('S', null, null)],
    ['a build of the target itself', null],
  ])('%s open it', (_what, fact) => expect(refusal(fact)).toBeNull());

  test('no override lets it through, and a plain deployment is not asked', () => {
    const fact = compareBaked('S', [value('A', 'a')], [value('A', 'b')]);
    const freezeOverride = { by: 'Ada', reason: 'now', at: '9999-12-31T00:00:00Z' };
    expect(refusal(fact, { freezeOverride })).toMatchObject({ code: 'baked_differs' });
    expect(gates({ ...FACTS, baked: fact }).find(({ kind }) => kind === 'baked')?.overridable).toBe(false);
    expect(refusal(fact, { kind: 'deploy' })).toBeNull();
  });

  test('many names are counted, and only what was kept as such is read', () => {
    expect(namesInWords(['A', 'B', 'C', 'D', 'E', 'F', 'G'])).toBe('A, B, C, D, E and 2 more');
    expect(readBaked({ baked: [{ name: 'A', hash: 'h' }, 7] })).toEqual([{ name: 'A', hash: 'h' }]);
    expect([readBaked(null), readBaked({ baked: 'x' })]).toEqual([null, null]);
  });
});

describe('what may be promoted at all', () => {
  const source = {
    ...{ number: 7, componentId: 'c', connectionId: 'k', remoteId: 'b1', rendering: null },
    status: 'succeeded' as const,
  };
  const target = { componentId: 'c', connectionId: 'k', rendering: null };

  test.each([
    ['other_component', { componentId: 'x' }, {}],
    ['other_connection', { connectionId: 'x' }, {}],
    ['never_live', { status: 'failed' as const }, {}],
    ['no_run', { remoteId: null }, {}],
    ['other_mode', { rendering: 'ssg' as const }, { rendering: 'ssr' as const }],
    ['mode_unknown', { rendering: null }, { rendering: 'ssr' as const }],
    ['mode_not_set', { rendering: 'ssg' as const }, {}],
  ])('%s', (code, change, there) => {
    expect(whyNotPromoted({ ...source, ...change }, { ...target, ...there })).toMatchObject({ code });
  });

  test('a verified build of the component through the same host', () => {
    expect(whyNotPromoted(source, target)).toBeNull();
    const both = { rendering: 'ssg' } as const;
    expect(whyNotPromoted({ ...source, ...both }, { ...target, ...both })).toBeNull();
  });
});
