import { describe, expect, test } from 'vitest';
import { type PreflightFact, preflight, preflightWeather, requestsNeeded } from './preflight';

const NOW = Date.parse('2026-11-27T12:00:00Z');
const MINUTE = 60_000;
const fact = (over: Partial<PreflightFact> = {}): PreflightFact => ({
  ...{ connection: 'CI', provider: 'GitHub Actions', expiresAt: null, usualMs: 20 * MINUTE, lacks: null },
  quota: { limit: 5_000, remaining: 4_000, resetAt: NOW + 30 * MINUTE, blockedUntil: null },
  ...over,
});
const ask = (over: Partial<PreflightFact>, kind = 'deploy') =>
  preflight({ preflight: fact(over), now: NOW, kind, environmentName: 'Production' });
const quota = (remaining: number, resetIn = 30 * MINUTE, blockedUntil: number | null = null) => ({
  quota: { limit: 5_000, remaining, resetAt: NOW + resetIn, blockedUntil },
});

describe('before a deployment whose later step cannot succeed', () => {
  test('a credential has to last for nine of ten deployments there', () => {
    expect(ask({ expiresAt: NOW + 21 * MINUTE })?.state).toBe('open');
    const ends = ask({ expiresAt: NOW + 20 * MINUTE });
    expect(ends).toMatchObject({ state: 'closed', code: 'credential_ends', until: null });
    expect(ends?.sentence).toBe(
      'The credential of “CI” ends at 2026-11-27 12:20 UTC, and a deployment there usually takes 20 minutes: it would end in the middle. An administrator can enter a new one under Connections.',
    );
    expect(ask({ expiresAt: NOW + 1, usualMs: null })?.state, 'without a custom only what has ended').toBe('open');
    expect(ask({ expiresAt: NOW, usualMs: null })?.code).toBe('credential_ends');
  });

  test('a credential whose kind ends for everybody is refused from that moment, and what to do instead is said', () => {
    const over = { expiresAt: Date.parse('2026-12-01T00:00:00Z'), wayOut: 'Publish by a workflow instead.' };
    const on = (now: string) =>
      preflight({ preflight: fact({ ...over, quota: null }), now: Date.parse(now), environmentName: 'Production' });
    expect(on('2026-11-28T12:00:00Z')?.state).toBe('open');
    for (const now of ['2026-12-01T00:00:00Z', '2026-12-02T12:00:00Z'])
      expect(on(now)).toMatchObject({
        ...{ state: 'closed', code: 'credential_ends' },
        sentence: 'The credential of “CI” ended at 2026-12-01 00:00 UTC. Publish by a workflow instead.',
      });
  });

  test('a roll-back is refused for a credential that has ended, and by nothing that is only reckoned ahead', () => {
    expect(ask({ expiresAt: NOW }, 'rollback')).toMatchObject({ state: 'closed', code: 'credential_ends' });
    const lacks = { rights: ['statuses:read'], what: 'to read the checks of a commit' };
    for (const guess of [{ expiresAt: NOW + 1 }, { lacks }, quota(0), quota(0, MINUTE, NOW + MINUTE)]) {
      expect(ask(guess)?.state).toBe('closed');
      expect(ask(guess, 'rollback')).toMatchObject({ state: 'open', code: 'preflight_warns', until: null });
    }
    expect(ask({ expiresAt: NOW + 1 }, 'rollback')?.sentence).toMatch(
      /^A roll-back does not wait for this: .* ends at/,
    );
    expect(ask({ expiresAt: NOW, lacks }, 'rollback')?.code, 'both').toBe('credential_ends');
  });

  test('requests have to last until they are full again, at the slowest pace', () => {
    expect(requestsNeeded(18 * MINUTE, 30 * MINUTE)).toBe(90);
    expect(requestsNeeded(18 * MINUTE, 0.9 * MINUTE)).toBe(14);
    expect(requestsNeeded(null, MINUTE)).toBe(10);
    expect(ask(quota(100))?.state).toBe('open');
    expect(ask(quota(99))).toMatchObject({ code: 'quota_short', until: '2026-11-27T12:30:00.000Z' });
    expect(ask(quota(0, 0))?.state, 'that hour is over').toBe('open');
    expect(ask(quota(4_000, MINUTE, NOW + MINUTE))).toMatchObject({
      code: 'quota_short',
      sentence: 'GitHub Actions has asked for a pause until 2026-11-27 12:01 UTC. Deploy then.',
    });
    expect(ask(quota(0), 'rollback')?.state).toBe('open');
    const verb = { quota: { limit: 60, remaining: 3, resetAt: NOW + MINUTE, blockedUntil: null } };
    expect(ask(verb)?.state, 'the allowance of one verb').toBe('open');
    const paused = { quota: { limit: 0, remaining: 0, resetAt: NOW + MINUTE, blockedUntil: NOW + MINUTE } };
    expect(ask(paused)?.code, 'a pause comes without figures').toBe('quota_short');
  });

  test('a right that a later step needs is named', () => {
    expect(ask({ lacks: { rights: ['statuses:read'], what: 'to read the checks of a commit' } })).toMatchObject({
      code: 'right_missing',
      sentence:
        'Production needs it to read the checks of a commit, and the credential of “CI” does not list the right. Grant statuses:read, then have the connection checked.',
    });
  });

  test('what was not asked says nothing', () => {
    expect(preflight({ now: NOW, environmentName: 'Production' })).toBeNull();
  });
});

test('the weather says the worst first, and what ends soon before what holds', () => {
  const lines = preflightWeather(fact({ expiresAt: NOW + 3 * 86_400_000, ...quota(20) }), NOW);
  expect(lines.map(({ tone }) => tone)).toEqual(['bad', 'warn']);
  expect(lines[0]?.sentence).toContain('allows 20 more requests');
  expect(lines[1]?.sentence).toBe('The credential of “CI” holds until 2026-11-30 12:00 UTC.');
});
