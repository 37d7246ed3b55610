import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { idempotencyKeys } from '@/lib/db/schema';
import { publishTo } from '@/lib/publications/server';
import { PLACES, type PlacesWorld, placesWorld } from '@/lib/publications/testing/places-world';
import { readVsix } from '@/lib/sandbox/vsix';
import { deploymentKey, pruneIdempotencyKeys } from './idempotency';

let world: PlacesWorld;
beforeAll(async () => {
  world = await placesWorld(readVsix);
});
afterAll(() => world.close());

test('what a publication came with is kept as long as its deployments, as with any other deployment', async () => {
  const { db } = world.engine.database;
  const claim = { actorId: 'tok_ü', digest: 'digest', authority: '' };
  const [published, nothing] = ['published-key', 'nothing-made-key'].map((key) => ({ ...claim, key }));
  if (!published || !nothing) throw new Error('Two claims.');
  for (const { actorId, key, digest } of [published, nothing])
    await db
      .insert(idempotencyKeys)
      .values({ actorId, key, requestDigest: digest, createdAt: sql`now() - interval '8 days'` });
  const packageId = await world.packaged({ version: '1.0.0' });
  const { places } = await publishTo(world.person, {
    ...{ packageId, targetIds: [PLACES.openVsx, PLACES.own], idempotencyKey: deploymentKey(published) },
  });
  expect(places.map(({ outcome }) => outcome)).toEqual(['created', 'created']);
  await pruneIdempotencyKeys(db);
  expect((await db.select().from(idempotencyKeys)).map(({ key }) => key)).toEqual(['published-key']);
});
