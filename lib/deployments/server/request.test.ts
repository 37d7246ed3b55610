import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { connections, releases, targets } from '@/lib/db/schema';
import { type EngineWorld, engineWorld } from '../testing/engine-world';

let world: EngineWorld;
beforeEach(async () => {
  world = await engineWorld();
});
afterEach(() => world.close());

test('a target that leads elsewhere by the time of the request is refused, and nothing is written', async () => {
  const { db } = world.database;
  const [first] = await db.select().from(connections);
  await db.insert(connections).values({ ...(first ?? expect.fail()), id: 'con_2', name: 'Another' });
  const source = world.vendor.provider.methods.source ?? expect.fail('no source');
  const read = source.commit;
  for (const change of [{ connectionId: 'con_2' }, { config: { repository: 'acme/other' } }]) {
    source.commit = async (...args) => {
      await db.update(targets).set(change).where(eq(targets.id, 'tgt_staging'));
      return read(...args);
    };
    await expect(world.click()).rejects.toMatchObject({ kind: 'conflict', code: 'target_changed' });
  }
  source.commit = read;
  expect((await world.click()).outcome).toBe('created');
});

test('a release keeps when its commit was written, and learns it later where the provider did not say', async () => {
  const { db } = world.database;
  const source = world.vendor.provider.methods.source ?? expect.fail('no source');
  const read = source.commit;
  const kept = async () => (await db.select({ at: releases.committedAt }).from(releases)).map(({ at }) => at);
  source.commit = async (...args) => ({ ...(await read(...args)), authoredAt: '' });
  await world.click();
  expect(await kept()).toEqual([null]);
  source.commit = read;
  await world.click({ target: 'production' });
  expect(await kept()).toEqual([new Date('2026-01-01T00:00:00Z')]);
});

test.each(['yesterday', '0001-01-01T00:00:00Z', '+012026-01-01T00:00:00Z'])(
  'a commit that says it was written %s is deployed all the same, at a time that is not known',
  async (authoredAt) => {
    const source = world.vendor.provider.methods.source ?? expect.fail('no source');
    const read = source.commit;
    source.commit = async (...args) => ({ ...(await read(...args)), authoredAt });
    expect((await world.click()).outcome).toBe('created');
    const kept = await world.database.db.select({ at: releases.committedAt }).from(releases);
    expect(kept).toEqual([{ at: null }]);
  },
);

test('what goes live meanwhile is no change of the target', async () => {
  const id = await world.deployed();
  const source = world.vendor.provider.methods.source ?? expect.fail('no source');
  const read = source.commit;
  source.commit = async (...args) => {
    await world.database.db.update(targets).set({ version: 9, currentDeploymentId: id });
    return read(...args);
  };
  expect((await world.click()).outcome).toBe('created');
});
