import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type EngineWorld, engineWorld } from '@/lib/deployments/testing/engine-world';
import { holdEnvironment, takeEnvironments } from './locking';

let world: EngineWorld;
let environmentId = '';
beforeEach(async () => {
  world = await engineWorld();
  const { rows } = await world.database.pool.query<{ id: string }>('select id from environments limit 1');
  environmentId = rows[0]?.id ?? '';
});
afterEach(() => world.close());

test('whoever freezes has its turn although claims never stop coming', async () => {
  const { db } = world.database;
  let frozen = false;
  /** Two that overlap at every moment, so that the row is never without a share lock. */
  const storm = async (offset: number) => {
    await wait(offset);
    for (let n = 0; n < 100 && !frozen; n++)
      await db.transaction(async (tx) => {
        await holdEnvironment(tx, environmentId);
        await wait(30);
      });
    return frozen;
  };
  const claims = [storm(0), storm(10), storm(20)];
  await wait(40);
  await db.transaction(async (tx) => {
    await takeEnvironments(tx, environmentId);
    frozen = true;
  });
  expect(await Promise.all(claims)).toEqual([true, true, true]);
});
