import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, test } from 'vitest';
import { FreshnessNotice } from './freshness';
import { ProblemError } from './problem';

/** As `lib/pipeline/refusal.ts` answers, which its own test holds. */
const AWAY = [
  503,
  'database_unavailable',
  'The database does not answer, so it is not known whether this was done. Look again in a minute.',
] as const;

describe('while the database is away', () => {
  test('a page that is open says so, keeps what it shows, and says how old that is', () => {
    const error = new ProblemError(...AWAY);
    const markup = renderToStaticMarkup(
      <FreshnessNotice error={error} updatedAt={Date.parse('2026-11-28T10:00:00Z')} />,
    );
    expect(markup).toContain('The database does not answer');
    expect(markup).toMatch(/What you see is from <time [^>]*2026-11-28T10:00:00/);
  });

  test('and says nothing any more once a read has come through', () => {
    expect(renderToStaticMarkup(<FreshnessNotice error={null} updatedAt={0} />)).toBe('');
  });
});
