import { and, eq, inArray, isNotNull } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ServiceContext } from '@/lib/auth/context';
import { extensionPublications as rows, targets } from '@/lib/db/schema';
import { advance } from '@/lib/deployments/server';
import { Secret } from '@/lib/kernel/secret';
import { readVsix } from '@/lib/sandbox/vsix';
import { PLACES, type PlacesWorld, placesWorld } from '../testing/places-world';
import { createNamespaceThere, lookAgain, publishTo } from '.';

let world: PlacesWorld;
beforeAll(async () => {
  world = await placesWorld(readVsix);
  world.there.set({ pace: 0.01 });
});
afterAll(() => world.close());

/** Whose credential at the gallery is refused. */
const refusedFor = (ctx: ServiceContext): ServiceContext => ({
  ...ctx,
  openConnection: async (id, ...more) => {
    const open = await ctx.openConnection(id, ...more);
    const password = new Secret('expired-token-0000');
    const credential = { kind: 'basic', username: 'acme', password, tokenOrigin: null } as const;
    return { ...open, context: { ...open.context, credential } };
  },
});

it('what is on its way when its token is refused is proven by what clients get', async () => {
  const packageId = await world.packaged({ version: '0.9.0' });
  const press = { packageId, targetIds: [PLACES.marketplace], idempotencyKey: 'refused-midway-abcdef' };
  const { places } = await publishTo(world.person, press);
  const id = places[0]?.deploymentId ?? '';
  await world.until(id, 'deploying');
  for (let round = 0; round < 40 && (await world.engine.row(id)).status !== 'succeeded'; round++) {
    await advance(refusedFor(world.person), id);
    world.there.advance(2_000);
    await world.engine.passTime(3);
  }
  expect(await world.engine.row(id)).toMatchObject({ status: 'succeeded' });
  expect(await world.stateAt(PLACES.marketplace, packageId)).toBe('verified');
});

it('what was published by a token that is refused now is looked at as clients see it', async () => {
  const { db } = world.engine.database;
  const targetId = PLACES.marketplace;
  const there = await world.packaged({ version: '1.0.0' });
  const press = { packageId: there, targetIds: [targetId], idempotencyKey: 'refused-token-abcdef' };
  const { places } = await publishTo(world.person, press);
  await world.until(places[0]?.deploymentId ?? '', 'succeeded');
  const gone = await world.packaged({ version: '1.0.1' });
  await db.insert(rows).values({ packageId: gone, targetId, deploymentId: 'dep_gone', state: 'verified' });
  const ours = and(eq(rows.targetId, targetId), inArray(rows.packageId, [there, gone]));
  await db
    .update(rows)
    .set({ nextLookAt: new Date(0), lookedAt: null })
    .where(ours);
  const refused = refusedFor(world.person);
  // What was not proven before is proven by what clients get.
  await db
    .update(rows)
    .set({ state: 'active' })
    .where(and(ours, eq(rows.packageId, there)));
  await lookAgain(refused, 50);
  expect([await world.stateAt(targetId, there), await world.stateAt(targetId, gone)]).toEqual(['verified', 'unlisted']);
  expect(await db.$count(rows, and(ours, isNotNull(rows.lookedAt)))).toBe(2);
});

it('a token that is limited to environments makes no name at a gallery: it would be of all of them, for good', async () => {
  const config = { extension: 'newcomer.demo', channel: 'stable' };
  await world.engine.database.db.update(targets).set({ config }).where(eq(targets.id, PLACES.openVsx));
  const by = (within: string) => {
    const grants = [{ role: 'admin' as const, environmentPattern: '*', within }];
    return world.by({
      kind: 'token',
      id: 'tok_1',
      userId: 'user_ana',
      name: 'ci',
      grants,
      scopes: ['deploy'],
      ip: null,
    });
  };
  const make = (within: string) => createNamespaceThere(by(within), { targetId: PLACES.openVsx });
  const before = world.changes();
  await expect(make('staging')).rejects.toMatchObject({ kind: 'forbidden' });
  expect(world.changes()).toBe(before);
  expect(await make('*')).toMatchObject({ outcome: 'created' });
});
