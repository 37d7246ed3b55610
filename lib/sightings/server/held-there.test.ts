import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { deployments, sightings, targets } from '@/lib/db/schema';
import { makeDeployment } from '@/lib/db/testing/factories';
import { type EngineWorld, engineWorld } from '@/lib/deployments/testing/engine-world';
import { type LiveNow, ProviderError } from '@/lib/providers/port';
import { Probe } from '@/lib/targets/model/probe';
import { look } from './look';

const TARGET = 'tgt_staging';
const LOCKED = 'publishing is locked';
const says = `New builds do not go live by themselves at Scripted: ${LOCKED}.`;

let world: EngineWorld;
let live: LiveNow | null;
let asked = 0;
let held: string | null = null;
beforeEach(async () => {
  world = await engineWorld();
  live = null;
  [asked, held] = [0, LOCKED];
  world.vendor.provider.manifest.capabilities.live = { by: 'release' };
  world.vendor.provider.methods.live = { read: async () => live };
});
afterEach(() => world.close());

/** From here on the provider is a host that serves builds. */
const hosts = () => {
  world.vendor.provider.methods.promote = {
    promote: async () => undefined,
    restore: async () => undefined,
    serving: async () => {
      asked += 1;
      return { ref: null, change: null, held };
    },
  };
};
const served = (held: string | null): LiveNow => ({
  ...{ sha: 'c'.repeat(40), version: null, marker: null, byName: 'octocat', at: null },
  ref: { id: '77', attempt: 1, url: 'https://scripted.test/runs/77' },
  held,
});
const sighting = async () => {
  const [row] = await world.database.db.select().from(sightings).where(eq(sightings.targetId, TARGET));
  return row;
};

test('a host that lets no new build go live by itself is known by the look itself, since when stays while it is so, and trouble takes nothing of it back', async () => {
  hosts();
  live = served(LOCKED);
  await look(world.engine, TARGET);
  const since = (await sighting())?.heldSince;
  expect(await sighting()).toMatchObject({ heldSince: expect.any(Date), heldSentence: says });
  await look(world.engine, TARGET);
  world.vendor.provider.methods.live = {
    read: () => Promise.reject(new ProviderError('unavailable', 'down', 'The provider is down.')),
  };
  await look(world.engine, TARGET);
  expect(await sighting()).toMatchObject({ heldSince: since, heldSentence: says });
  world.vendor.provider.methods.live = { read: async () => served(null) };
  await look(world.engine, TARGET);
  expect(await sighting()).toMatchObject({ heldSince: null, heldSentence: null });
  expect(asked, 'no request more than before').toBe(0);
});

test('what a host held is forgotten with what was served there', async () => {
  live = served(LOCKED);
  await look(world.engine, TARGET);
  live = null;
  await look(world.engine, TARGET);
  expect(await sighting()).toMatchObject({ heldSince: null, heldSentence: null });
});

test('the host of a target with an address of its own is asked only while something stands there, or is held', async () => {
  await world.deployed();
  hosts();
  world.outside.answer = async () => Response.json({ sha: world.vendor.head });
  const probe = Probe.parse({ url: 'https://api.example.com/version', field: 'sha' });
  await world.database.db.update(targets).set({ probe }).where(eq(targets.id, TARGET));
  await look(world.engine, TARGET);
  expect([asked, (await sighting())?.heldSince]).toEqual([0, null]);
  const [target] = await world.database.db.select().from(targets).where(eq(targets.id, TARGET));
  const waits = { waitingFor: 'somebody to unlock publishing', remoteId: '78' };
  const standing = await makeDeployment(world.database.db, target ?? expect.fail('no target'), 'deploying', waits);
  await look(world.engine, TARGET);
  expect([asked, (await sighting())?.heldSentence]).toEqual([1, says]);
  await world.database.db.delete(deployments).where(eq(deployments.id, standing.id));
  held = null;
  await look(world.engine, TARGET);
  await look(world.engine, TARGET);
  expect([asked, (await sighting())?.heldSince], 'until it is over').toEqual([2, null]);
});
