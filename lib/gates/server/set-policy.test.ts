import { afterEach, beforeEach, expect, test } from 'vitest';
import { environments } from '@/lib/db/schema';
import { type GateWorld, gateWorld } from '@/lib/deployments/testing/gate-world';
import { setPolicy } from '.';

let world: GateWorld;
beforeEach(async () => {
  world = await gateWorld();
});
afterEach(() => world.close());

test('two environments that are each put after the other in the same moment make no ring', async () => {
  const { db } = world.database;
  for (let round = 0; round < 5; round++) {
    const set = await Promise.allSettled([
      world.policy('staging', { afterEnvironmentId: 'env_production' }),
      world.policy('production', { afterEnvironmentId: 'env_staging' }),
    ]);
    const refused = set.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
    expect(refused, `round ${round}`).toMatchObject([{ code: 'order_ring' }]);
    const rows = await db.select().from(environments);
    expect(rows.filter(({ policy }) => policy.afterEnvironmentId)).toHaveLength(1);
    await db.update(environments).set({ policy: {} });
  }
});

test('nothing is put after another where there is no such environment', async () => {
  const gone = { environmentId: 'env_gone', policyVersion: 1, policy: { afterEnvironmentId: 'env_staging' } };
  await expect(setPolicy(world.as('admin'), gone)).rejects.toMatchObject({ code: 'environment_not_found' });
});
