import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '@/lib/db/client';
import { configurationReadings } from '@/lib/db/schema';
import { openTestDatabase, testContext } from '@/lib/db/testing/context';
import { makeConnection, makeDeployment, makeTarget } from '@/lib/db/testing/factories';
import { readChanged } from './read-again';

const HOUR = 3_600_000;
const ago = (hours: number) => new Date(Date.now() - hours * HOUR);

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

/** A build of three hours ago is served again since one; a setting was changed in between. */
async function servedAgain(providerId: string) {
  const { db } = database;
  const target = await makeTarget(db, { connection: await makeConnection(db, { providerId }) });
  const built = { remoteId: `build-${target.id}`, submittedAt: ago(3), current: false };
  await makeDeployment(db, target, 'succeeded', built);
  const serve = { as: 'restore', ref: { id: built.remoteId, attempt: 1, url: '' } };
  await makeDeployment(db, target, 'succeeded', {
    ...{ remoteId: built.remoteId, submittedAt: ago(1), kind: 'rollback' },
    dispatch: { serve } as never,
  });
  const settings = [{ kind: 'variable', name: 'FEATURES', changedAt: ago(2).toISOString() }];
  await db.insert(configurationReadings).values({ targetId: target.id, missing: [], settings });
  return (await readChanged(testContext(db))).get(target.id)?.names ?? [];
}

test('what is served again has the values of when it was built, but where its host starts it with those of now', async () => {
  expect(await servedAgain('vercel')).toEqual(['FEATURES']);
  expect(await servedAgain('self-host')).toEqual([]);
});
