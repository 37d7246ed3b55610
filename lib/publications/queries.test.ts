import { expect, test } from 'vitest';
import { openTestDatabase, personActor, testContext } from '@/lib/db/testing/context';
import { runQuery } from '@/lib/pipeline/run-query';
import { publishPlanQuery } from './queries';

test('however often one person looks at where a package can go, a gallery is asked so many times a minute only', async () => {
  const database = await openTestDatabase();
  try {
    const actor = personActor([{ role: 'operator', environmentPattern: '*' }], { id: 'usr_eager' });
    const ctx = testContext(database.db, { actor });
    const look = () => runQuery(publishPlanQuery.definition, { packageId: 'f'.repeat(64) }, ctx);
    const codes: unknown[] = [];
    for (let n = 0; n < 80; n++) codes.push(await look().catch(({ code }) => code));
    expect(codes[0]).toBe('no_such_package');
    expect(codes).toContain('rate_limited');
  } finally {
    await database.close();
  }
});
