import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { targets } from '@/lib/db/schema';
import { createFreeze } from '@/lib/gates/server';
import type { Role } from '@/lib/members/model/role';
import { readVsix } from '@/lib/sandbox/vsix';
import { PLACES, type PlacesWorld, placesWorld } from '../testing/places-world';
import { publishTo, readPlan } from '.';

let world: PlacesWorld;
let clicks = 0;

/** The galleries are in Staging, which is frozen, but for Open VSX, which is in Production. */
beforeAll(async () => {
  world = await placesWorld(readVsix);
  const { db } = world.engine.database;
  await db.update(targets).set({ environmentId: 'env_production' }).where(eq(targets.id, PLACES.openVsx));
  const startsAt = new Date(Date.now() - 3_600_000).toISOString().slice(0, 16);
  const when = { timeZone: 'UTC', startsAt, durationMinutes: 600 };
  await createFreeze(world.person, { name: 'Fair', reason: 'A fair', environmentId: 'env_staging', ...when });
});
afterAll(() => world.close());

/** Ana, with another role in Staging than in Production. */
const ana = (staging: Role) =>
  world.by({
    ...{ kind: 'user', id: 'user_ana', name: 'ana', sessionHash: 'hash', ip: null },
    grants: [
      { role: staging, environmentPattern: 'staging' },
      { role: 'operator', environmentPattern: 'production' },
    ],
  });

const publish = async (who: ReturnType<typeof ana>, version: string, freezeOverrideReason: string | null) => {
  const packageId = await world.packaged({ version });
  const targetIds = [PLACES.own, PLACES.openVsx];
  return publishTo(who, { packageId, targetIds, freezeOverrideReason, idempotencyKey: `fair-${++clicks}-abcdef` });
};

test('the plan says where a freeze alone is in the way of somebody who may let one through it', async () => {
  const packageId = await world.packaged({ version: '1.0.0' });
  const may = async (staging: Role) =>
    Object.fromEntries(
      (await readPlan(ana(staging), { packageId })).places.map((place) => [
        place.targetId,
        [place.closed?.code, place.mayOverride],
      ]),
    );
  expect(await may('admin')).toMatchObject({
    ...{ [PLACES.own]: ['pinned_freeze', true], [PLACES.openVsx]: [undefined, false] },
  });
  expect(await may('operator')).toMatchObject({ [PLACES.own]: ['pinned_freeze', false] });
  // Whoever is in the way besides is not passed by a reason.
  const beta = await world.packaged({ version: '1.0.1', prerelease: true });
  const [other] = (await readPlan(ana('admin'), { packageId: beta })).places;
  expect(other).toMatchObject({ closed: { code: 'other_channel' }, mayOverride: false });
});

test('the reason counts where a freeze holds, and asks for no right where none does', async () => {
  const frozen = await publish(ana('admin'), '2.0.0', null);
  expect(frozen.places.map(({ code, outcome }) => code ?? outcome)).toEqual(['pinned_freeze', 'created']);
  const { places } = await publish(ana('admin'), '2.1.0', 'Customers wait');
  expect(places.map(({ code, outcome }) => code ?? outcome)).toEqual(['created', 'created']);
  const [own, open] = await Promise.all(places.map(({ deploymentId }) => world.engine.row(deploymentId ?? '')));
  expect(own?.freezeOverride).toMatchObject({ byName: 'ana', reason: 'Customers wait' });
  expect(open?.freezeOverride).toBeNull();
});

test('from somebody who may not override, it is refused where the freeze holds, and nowhere else', async () => {
  const { places } = await publish(ana('operator'), '3.0.0', 'Customers wait');
  expect(places.map(({ code, outcome }) => code ?? outcome)).toEqual(['forbidden', 'created']);
});
