import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '@/lib/db/client';
import { deployments } from '@/lib/db/schema';
import { openTestDatabase, personActor, testContext } from '@/lib/db/testing/context';
import { makeConnection, makeDeployment, makeTarget } from '@/lib/db/testing/factories';
import { removeConnection } from '.';

const admin = personActor([{ role: 'admin', environmentPattern: '*' }]);
let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

test.each(['connectionId', 'alerts', 'notes'])('is not removed while a target is measured by it (%s)', async (by) => {
  const { id, name } = await makeConnection(database.db, {});
  const remove = () => removeConnection(testContext(database.db, { actor: admin }), { id, version: 1 });
  const target = await makeTarget(database.db);
  const list = [{ connectionId: id, scope: 'x' }];
  const health = by === 'connectionId' ? { connectionId: id } : { connectionId: null, [by]: list };
  await database.db.execute(sql`update targets set health = ${JSON.stringify(health)}::jsonb where id = ${target.id}`);
  await expect(remove()).rejects.toMatchObject({
    code: 'connection_in_use',
    message: expect.stringMatching(new RegExp(`^“${name}” measures .+ in .+ How it does`)),
  });
  await database.db.execute(sql`update targets set health = null`);
  await remove();
});

test('is not removed while a run of it publishes for the target of a gallery', async () => {
  const { id, name } = await makeConnection(database.db, {});
  const remove = () => removeConnection(testContext(database.db, { actor: admin }), { id, version: 1 });
  const { id: deploymentId } = await makeDeployment(database.db, await makeTarget(database.db), 'building');
  const byWorkflow = sql`jsonb_set(${deployments.dispatch}, '{publish}', ${JSON.stringify({ by: { connectionId: id } })}::jsonb)`;
  const mine = database.db.update(deployments).set({ dispatch: byWorkflow });
  await mine.where(eq(deployments.id, deploymentId));
  await expect(remove()).rejects.toMatchObject({
    code: 'connection_busy',
    message: expect.stringContaining(`still runs through “${name}”`),
  });
  const over = { status: 'cancelled', finishedAt: new Date(), nextCheckAt: null, deadlineAt: null } as const;
  await database.db.update(deployments).set(over).where(eq(deployments.id, deploymentId));
  await remove();
});
