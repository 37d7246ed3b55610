import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { safePath } from './safe-path';

const OWN = 'https://deploy.team.dev';

describe('where a sign-in may lead', () => {
  test.each([
    ['/deployments?status=failed#top', '/deployments?status=failed#top'],
    [`${OWN}/components/backend`, '/components/backend'],
    ['/a/../now', '/now'],
  ])('%s leads to %s', (wish, path) => {
    expect(safePath(wish, OWN)).toBe(path);
  });

  test.each([
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/%09/evil.example',
    '/%2fevil.example',
    '/%5cevil.example',
    'https:evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    'data:text/html,x',
    `${OWN}@evil.example/`,
    `${OWN}.evil.example/`,
    'now',
    '',
    ' /now',
    '/\n/evil.example',
    '/..//evil.example',
    '/./\\evil.example',
    '/sign-in?callbackUrl=/sign-in',
    '/api/auth/signout',
    '/setup',
    'http://[',
    '/x'.repeat(2_000),
    null,
    undefined,
    42,
    ['/now'],
  ])('%s leads home', (wish) => {
    expect(safePath(wish, OWN)).toBe('/now');
  });

  test('whatever the wish, a browser stays on this site', () => {
    const nasty = fc.string({
      unit: fc.constantFrom('/', '\\', '\t', '\n', '.', '%2f', '@', ':', 'e', '?', '#', 'https:', '＠', '\u202e'),
    });
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          nasty,
          nasty.map((tail) => `/${tail}`),
          nasty.map((tail) => `${OWN}${tail}`),
        ),
        (wish) => {
          const path = safePath(wish, OWN);
          expect(new URL(path, OWN).origin).toBe(OWN);
        },
      ),
      { numRuns: 5_000 },
    );
  });
});
