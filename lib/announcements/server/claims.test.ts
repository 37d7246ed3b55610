import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '@/lib/db/client';
import { announcements, targets } from '@/lib/db/schema';
import { openTestDatabase, testContext } from '@/lib/db/testing/context';
import { makeDeployment, makeTarget } from '@/lib/db/testing/factories';
import { discover } from './claims';

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

test('a target that a click holds is left for the next pass, so that neither waits for the other', async () => {
  const { db } = database;
  const target = await makeTarget(db);
  const { id } = await makeDeployment(db, target, 'queued');
  const ctx = testContext(db);
  const rows = () => db.$count(announcements, eq(announcements.deploymentId, id));
  await db.transaction(async (tx) => {
    await tx.select().from(targets).where(eq(targets.id, target.id)).for('update');
    await discover(ctx);
    expect(await rows()).toBe(0);
  });
  await discover(ctx);
  expect(await rows()).toBe(1);
});
