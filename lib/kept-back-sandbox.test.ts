import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { deployments, freezes, pins } from '@/lib/db/schema';
import { makeTarget } from '@/lib/db/testing/factories';
import * as engine from '@/lib/deployments/server';
import { HOSTS, HostedWorld } from '@/lib/deployments/testing/hosted-world';
import { newId } from '@/lib/kernel/ids';
import { ProviderError } from '@/lib/providers/port';
import { clientOf } from '@/lib/sandbox/testing/client';
import { sandboxFetch } from '@/lib/sandbox/transport';

let world: HostedWorld;
/** It is built at Vercel, which keeps it back after a roll-back there. */
let held: string;

beforeAll(async () => {
  const client = await clientOf({ pace: 1 });
  world = await HostedWorld.open({ client, fetch: sandboxFetch(client.sandbox.url) });
  const { database } = world;
  await world.connect('github');
  const connection = { id: await world.connect('vercel') };
  const { id: targetId } = await makeTarget(database.db, { connection, config: HOSTS.vercel });
  const start = async () => (await world.deploy(targetId, await world.push())).deploymentId;
  const [older] = [await world.until(await start(), 'succeeded'), await world.until(await start(), 'succeeded')];
  const back = { targetId, toDeploymentId: older.id, reason: 'Errors went up', idempotencyKey: world.key() };
  await world.until((await engine.rollBack(world.ctx, back)).deploymentId, 'succeeded');
  await database.db.delete(pins);
  held = await start();
  await world.until(held, 'promotion');
});
beforeEach(async () => void (await world.database.db.delete(freezes)));
afterAll(() => world.close());

async function freeze(): Promise<void> {
  const { environmentId } = await world.row(held);
  await world.database.db.insert(freezes).values({
    ...{ id: newId('frz'), environmentId, name: 'Stock-taking', reason: 'Counted', timeZone: 'UTC' },
    ...{ startsAt: '2020-01-01T10:00', durationMinutes: 60 * 24 * 3650, createdBy: 'usr_x', createdByName: 'Ada' },
  });
}
const override = () => engine.overrideFreeze(world.ctx, { deploymentId: held, reason: 'Customers wait' });
const page = () => engine.readDeployment(world.ctx, { deploymentId: held });
const press = () => {
  const refuse = () => Promise.reject(new ProviderError('rejected', 'no', 'The host says no.'));
  return engine.serveHeld(
    world.withHost(() => ({ promote: refuse })),
    { deploymentId: held },
  );
};

test('what its host keeps back is let through a freeze by an administrator’s word, as the refusal says', async () => {
  await expect(override()).rejects.toMatchObject({ code: 'not_frozen' });
  await freeze();
  const sentence = expect.stringContaining('an administrator can let one deployment through');
  await expect(press()).rejects.toMatchObject({ code: 'pinned_freeze', sentence });
  expect(await page()).toMatchObject({
    gates: [{ code: 'pinned_freeze', overridable: true }],
    actions: { overrideFreeze: { allowed: true } },
  });
  await override();
  expect(await page()).toMatchObject({ gates: [], freezeOverride: { reason: 'Customers wait' } });
  await expect(press(), 'the freeze lets it through').rejects.toMatchObject({ code: 'no' });
});

test('what is still being built, no freeze holds; what the last look found counts', async () => {
  const building = { keptBack: false, freezeOverride: null };
  await world.database.db.update(deployments).set(building).where(eq(deployments.id, held));
  await freeze();
  await expect(override()).rejects.toMatchObject({ code: 'not_waiting' });
  expect(await page()).toMatchObject({ gates: [], actions: { overrideFreeze: { allowed: false } } });
  await engine.advance(world.ctx, held);
  expect((await page()).actions.overrideFreeze.allowed).toBe(true);
});
