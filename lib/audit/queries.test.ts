import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '@/lib/db/client';
import { openTestDatabase, personActor, testContext } from '@/lib/db/testing/context';
import { runQuery } from '@/lib/pipeline/run-query';
import { auditExportQuery } from './queries';

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const person = (id: string) =>
  testContext(database.db, { actor: personActor([{ role: 'admin', environmentPattern: '*' }], { id }) });
const take = async (id: string, input: object = { format: 'csv' }) => {
  const file = await runQuery(auditExportQuery.definition, input, person(id));
  return await new Response(file.body).text();
};

describe('taking the log away', () => {
  test('five times an hour for each person, and the refusal says when again', async () => {
    for (let n = 0; n < 5; n++) expect(await take('usr_ada')).toContain('"line","entry"');
    await expect(take('usr_ada')).rejects.toMatchObject({
      code: 'rate_limited',
      sentence: expect.stringMatching(/Try again in \d+ (s|min|m)/),
    });
    expect(await take('usr_bob')).toContain('Took the audit log away as CSV');
  });

  test.each([
    {},
    { format: 'xml' },
    { format: 'csv', limit: 5 },
    { format: 'csv', unknown: 1 },
    { format: ['csv', 'json'] },
  ])('refuses %j', async (input) => {
    await expect(take('usr_eve', input)).rejects.toMatchObject({ code: 'invalid_input' });
  });
});
