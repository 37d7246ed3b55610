import { describe, expect, it } from 'vitest';
import type { EnvironmentRules } from '@/lib/providers/port';
import { askedOf, offerOf } from './ahead-offer';
import { endsAt, mayNotAnswer } from './remote-gate';
import { globMatches, type RemoteRulesView, remoteRules, ruleWords } from './remote-rules';

const plain: EnvironmentRules = {
  name: 'production',
  url: 'https://x.test',
  reviewers: [],
  preventSelfReview: false,
  waitMinutes: 0,
  refs: { kind: 'any' },
  apps: [],
  adminsBypass: null,
};
const view = (rules: Partial<EnvironmentRules>, over: Partial<RemoteRulesView> = {}): RemoteRulesView => ({
  providerLabel: 'Vendor',
  connectionName: 'Main',
  own: { login: 'mara', problem: null },
  notice: null,
  environments: [{ ...plain, ...rules }],
  uses: [{ kind: 'input', input: 'where', otherwise: null }],
  ...over,
});
const planned = { ref: 'feature/x', refKind: 'branch', inputs: { where: 'Production' } } as const;

describe('what a deployment meets at its provider', () => {
  it('is said for the environment that its inputs name, what would be refused first', () => {
    const rules = view({
      reviewers: [
        { kind: 'team', name: 'Release managers' },
        { kind: 'person', name: 'mara' },
      ],
      preventSelfReview: true,
      waitMinutes: 10,
      refs: { kind: 'patterns', patterns: [{ name: 'main', type: 'branch' }] },
    });
    expect(remoteRules(rules, planned)).toEqual([
      {
        environment: 'production',
        tone: 'refused',
        sentence: '“production” takes main only: Vendor would refuse the branch feature/x there.',
      },
      {
        environment: 'production',
        tone: 'asks',
        sentence:
          'Vendor will also ask for approval of “production” by the team Release managers or mara. It lets nobody answer who started the run.',
      },
      { environment: 'production', tone: 'asks', sentence: 'Vendor waits 10 min before “production”.' },
    ]);
    expect(remoteRules(rules, { ...planned, ref: 'main' }).map(({ tone }) => tone)).toEqual(['asks', 'asks']);
    expect(remoteRules(rules, { ...planned, inputs: { where: 'staging' } })).toEqual([]);
    expect(remoteRules(rules, { ...planned, inputs: {} })).toEqual([]);
  });

  it('is unsure where only the run decides, and silent where the plan has no environments', () => {
    const unclear = view({ waitMinutes: 5 }, { uses: [{ kind: 'unclear', text: 'needs.x' }] });
    expect(remoteRules(unclear, planned)).toMatchObject([{ tone: 'unsure' }]);
    expect(remoteRules(view({ waitMinutes: 5 }, { notice: 'No plan.' }), planned)).toEqual([]);
    expect(remoteRules(view({ refs: { kind: 'protected' } }), planned)).toMatchObject([{ tone: 'unsure' }]);
    expect(remoteRules(view({ refs: { kind: 'protected' } }), { ...planned, refKind: 'tag' })).toMatchObject([
      { tone: 'refused' },
    ]);
  });

  it('has few words for a list', () => {
    expect(ruleWords(plain)).toEqual(['Asks for nothing.']);
    expect(ruleWords({ ...plain, refs: { kind: 'patterns', patterns: [] }, adminsBypass: true })).toEqual([
      'Takes no branch and no tag.',
      'Administrators there may pass all of it.',
    ]);
  });
});

describe('a pattern', () => {
  it.each([
    ['main', 'main', true],
    ['main', 'main2', false],
    ['release/*', 'release/1', true],
    ['release/*', 'release/1/2', false],
    ['*', 'feature/x', false],
    ['**/x', 'a/b/x', true],
    ['**/x', 'x', true],
    ['**/x', 'ax', false],
    ['v?.*', 'v1.2', true],
    ['v?.*', 'v12', false],
    ['', '', true],
    ['a*b*c', 'axxbyyc', true],
  ])('%s on %s: %s', (pattern, text, matches) => {
    expect(globMatches(pattern, text)).toBe(matches);
  });

  it('cannot be made slow', () => {
    const began = performance.now();
    expect(globMatches(`${'*a'.repeat(120)}b`, 'a'.repeat(250))).toBe(false);
    expect(performance.now() - began).toBeLessThan(500);
  });
});

describe('an approval there that is given together with the one here', () => {
  const reviewers = [{ kind: 'person' as const, name: 'mara' }];

  it('is offered for what is known before and asks people', () => {
    expect(askedOf(view({ reviewers }), planned)).toEqual(['production']);
    expect(askedOf(view({}), planned)).toEqual([]);
    expect(askedOf(view({ reviewers }, { notice: 'Not shown.' }), planned)).toEqual([]);
    expect(askedOf(view({ reviewers }, { uses: [{ kind: 'unclear', text: 'x' }] }), planned)).toEqual([]);
    expect(askedOf(view({ reviewers }), { ...planned, inputs: { where: 'staging' } })).toEqual([]);
  });

  it('is offered to whoever can be the one who answers there, and says why to anybody else', () => {
    expect(offerOf(view({ reviewers }), planned)).toEqual({ environments: ['production'], cannot: null });
    const none = offerOf(view({ reviewers }, { own: null }), planned);
    expect(none).toMatchObject({ environments: [], cannot: expect.stringContaining('Your tokens') });
    const other = offerOf(view({ reviewers }, { own: { login: 'yuki', problem: null } }), planned);
    expect(other).toMatchObject({ environments: [], cannot: expect.stringContaining('belongs to yuki') });
    const tags = { kind: 'patterns' as const, patterns: [] };
    expect(offerOf(view({ reviewers, refs: tags }), planned), 'it would be turned away').toBeNull();
    expect(offerOf(view({}), planned)).toBeNull();
  });
});

describe('who can answer from here', () => {
  const gate = { id: '1', environment: 'production', url: '', waitMinutes: 0, timerSince: null };
  const where = { providerLabel: 'Vendor', connectionName: 'Main' };
  const mara = { login: 'Mara', problem: null };

  it('is said before anything is asked, and a team leaves it open', () => {
    const asked = [{ ...gate, reviewers: [{ kind: 'person' as const, name: 'mara' }] }];
    expect(mayNotAnswer(asked, null, where)?.code).toBe('own_token_missing');
    expect(mayNotAnswer(asked, mara, where)).toBeNull();
    expect(mayNotAnswer(asked, { login: 'yuki', problem: null }, where)?.code).toBe('not_reviewer');
    expect(mayNotAnswer(asked, { ...mara, problem: 'It has expired.' }, where)?.code).toBe('own_token_refused');
    expect(mayNotAnswer([{ ...gate, reviewers: [] }], mara, where)?.code).toBe('nobody_asked');
    const team = [{ ...gate, reviewers: [{ kind: 'team' as const, name: 'Ops' }] }];
    expect(mayNotAnswer(team, { login: 'yuki', problem: null }, where)).toBeNull();
    expect(mayNotAnswer([], mara, where)).toBeNull();
  });

  it('and until when', () => {
    expect(endsAt('2026-01-01T00:00:00.000Z', 30)).toBe('2026-01-31T00:00:00.000Z');
    expect(endsAt('2026-01-01T00:00:00.000Z', null)).toBeNull();
  });
});
