import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HOME, safePath } from '@/lib/auth/safe-path';
import { runs } from './catalog';
import { REDIRECTS } from './redirects';

const OWN = 'https://deploy.team.dev';

describe('D14: where a sign-in may lead', () => {
  test.each(REDIRECTS)('$wish', ({ wish, to }) => {
    expect(safePath(wish, OWN)).toBe(to ?? HOME);
  });

  test('whatever is wished, a browser stays on this site', { timeout: 60_000 }, () => {
    const part = fc.constantFrom(
      '/',
      '\\',
      '//',
      '.',
      '..',
      '%2f',
      '%5c',
      '%09',
      '\t',
      '@',
      ':',
      'https:',
      'evil.example',
      '#',
      '?',
      'now',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(part, { maxLength: 8 }).map((parts) => parts.join('')),
        ),
        (wish) => {
          const path = safePath(wish, OWN);
          expect(path.startsWith('/') && !path.startsWith('//')).toBe(true);
          expect(new URL(path, OWN).origin).toBe(OWN);
        },
      ),
      { numRuns: runs('D14') },
    );
  });
});
