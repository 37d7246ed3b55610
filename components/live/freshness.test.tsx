import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, test } from 'vitest';
import { openDatabase } from '@/lib/db/client';
import { answerTo } from '@/lib/pipeline/refusal';
import { FreshnessNotice } from './freshness';
import { ProblemError } from './problem';

/** What an API read is answered while nothing listens where the database should be. */
async function whileAway() {
  const database = openDatabase('postgres://nobody@127.0.0.1:9/none', { max: 1 });
  const error = await database.pool.query('select 1').catch((thrown: unknown) => thrown);
  await database.close();
  return answerTo(error, 'req_1');
}

describe('while the database is away', () => {
  test('a page that is open says so, keeps what it shows, and says how old that is', async () => {
    const { httpStatus, refusal } = await whileAway();
    expect([httpStatus, refusal.code]).toEqual([503, 'database_unavailable']);
    const error = new ProblemError(httpStatus, refusal.code, refusal.sentence);
    const markup = renderToStaticMarkup(
      <FreshnessNotice error={error} updatedAt={Date.parse('2026-11-28T10:00:00Z')} />,
    );
    expect(markup).toContain('The database does not answer');
    expect(markup).not.toContain('ECONNREFUSED');
    expect(markup).toMatch(/What you see is from <time [^>]*2026-11-28T10:00:00/);
  });

  test('and says nothing any more once a read has come through', () => {
    expect(renderToStaticMarkup(<FreshnessNotice error={null} updatedAt={0} />)).toBe('');
  });
});
