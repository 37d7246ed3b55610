import { expect, test } from 'vitest';
import { openDatabase } from '@/lib/db/client';
import { answerTo } from './refusal';

test('what is asked while the database is away is answered 503, and the words of the driver reach nobody', async () => {
  const database = openDatabase('postgres://nobody@127.0.0.1:9/none', { max: 1 });
  const thrown = await database.pool.query('select 1').catch((error: unknown) => error);
  await database.close();
  const { httpStatus, refusal, unexpected } = answerTo(thrown, 'req_1');
  expect([httpStatus, refusal.code, unexpected]).toEqual([503, 'database_unavailable', true]);
  expect(refusal.sentence).toContain('The database does not answer');
  expect(refusal.sentence).not.toMatch(/ECONNREFUSED|127\.0\.0\.1/);
});
