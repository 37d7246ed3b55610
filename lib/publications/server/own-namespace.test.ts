import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ServiceContext } from '@/lib/auth/context';
import { galleryVersions, grants, targets, users } from '@/lib/db/schema';
import { addOwner, removeOwner, yank } from '@/lib/gallery/server';
import { readVsix } from '@/lib/sandbox/vsix';
import { PLACES, type PlacesWorld, placesWorld } from '../testing/places-world';
import { publishTo, readPlan, recall } from '.';

let world: PlacesWorld;
let ben: ServiceContext;
const BEN = { namespace: 'acme', userId: 'user_ben' };

beforeAll(async () => {
  world = await placesWorld(readVsix);
  await world.engine.database.db.insert(users).values({ id: BEN.userId, login: 'ben', name: 'ben' });
  const held = { role: 'operator', environmentPattern: '*' } as const;
  const people = ['user_ana', BEN.userId];
  const rows = people.map((userId) => ({ ...held, id: `grn_${userId}`, userId }));
  await world.engine.database.db.insert(grants).values(rows);
  ben = world.as('operator', 'ben');
});
afterAll(() => world.close());

const own = async (who: ServiceContext, packageId: string) =>
  (await readPlan(who, { packageId })).places.find(({ targetId }) => targetId === PLACES.own);
let clicks = 0;
const publish = (who: ServiceContext, packageId: string, targetIds: string[] = [PLACES.own]) =>
  publishTo(who, { packageId, targetIds, idempotencyKey: `own-${++clicks}-abcdefgh` });

it('is closed before the press to who owns it not, with what to do, and the press says the same', async () => {
  const packageId = await world.packaged({ version: '1.0.0' });
  const closed = (await own(ben, packageId))?.closed;
  expect(closed).toMatchObject({ code: 'not_an_owner' });
  expect(closed?.sentence).toContain('make you one under Gallery → Tokens and namespaces');
  await expect(publish(ben, packageId)).rejects.toMatchObject({ kind: 'forbidden', ...closed });
  const both = await publish(ben, packageId, [PLACES.own, PLACES.openVsx]);
  expect(both.places[0]).toMatchObject({ outcome: 'refused', ...closed });
  expect(both.places[1]).toMatchObject({ outcome: 'created' });
  expect((await readPlan(ben, { packageId })).places.filter((each) => each.closed)).toHaveLength(1);
  expect(await world.engine.database.db.$count(galleryVersions)).toBe(0);
});

it('leads an administrator out by one press, and an operator to the owners', async () => {
  const packageId = await world.packaged({ version: '1.1.0' });
  const root = world.as('admin', 'root');
  const lacking = { publisher: 'acme', lacks: 'owner' } as const;
  expect((await own(ben, packageId))?.ownNamespace).toEqual({ ...lacking, mendBy: null });
  expect((await own(root, packageId))?.ownNamespace).toEqual({ ...lacking, mendBy: 'user_root' });
  expect((await own(world.person, packageId))?.ownNamespace).toBeNull();
  // Who may not deploy there is told that, and nothing of owners.
  const viewer = await own(world.as('viewer', 'vera'), packageId);
  expect([viewer?.closed?.code, viewer?.ownNamespace]).toEqual(['forbidden', null]);
});

it('opens for a person as soon as they own it; taken away before it is sent, the worker refuses it still', async () => {
  const packageId = await world.packaged({ version: '1.2.0' });
  await addOwner(world.person, BEN);
  expect(await own(ben, packageId)).toMatchObject({ closed: null, ownNamespace: null });
  const [first] = (await publish(ben, packageId)).places;
  await world.until(first?.deploymentId ?? '', 'succeeded');

  const later = await world.packaged({ version: '1.3.0' });
  const [second] = (await publish(ben, later)).places;
  await removeOwner(world.person, BEN);
  await world.until(second?.deploymentId ?? '', 'errored');
  const row = await world.engine.row(second?.deploymentId ?? '');
  expect(row.failureSentence).toContain('Only owners of the namespace acme');
  const versions = await world.engine.database.db.select().from(galleryVersions);
  expect(versions.map(({ version, publishedBy }) => [version, publishedBy])).toEqual([['1.2.0', BEN.userId]]);
});

it('takes back what its target published, also by a token that reaches that environment alone, and no other', async () => {
  const packageId = await world.packaged({ version: '1.4.0' });
  await addOwner(world.person, BEN);
  const [place] = (await publish(ben, packageId)).places;
  await world.until(place?.deploymentId ?? '', 'succeeded');
  const tokenFor = (within: string): ServiceContext => {
    const grants = [{ role: 'operator', environmentPattern: '*', within } as const];
    return world.by({
      kind: 'token',
      id: 'tok_1',
      userId: BEN.userId,
      name: 'ci',
      grants,
      scopes: ['deploy'],
      ip: null,
    });
  };
  const wanted = { packageId, targetId: PLACES.own, reason: 'It phones home.' };
  await expect(recall(tokenFor('production'), wanted)).rejects.toMatchObject({ kind: 'forbidden' });
  const which = { namespace: 'acme', name: 'demo', version: '1.4.0', reason: wanted.reason };
  await expect(yank(tokenFor('staging'), which)).rejects.toMatchObject({ kind: 'forbidden' });
  expect(await recall(tokenFor('staging'), wanted)).toMatchObject({ outcome: 'done' });
  expect(await world.stateAt(PLACES.own, packageId)).toBe('unlisted');
  await removeOwner(world.person, BEN);
});

it('says that a namespace is missing where the gallery has none, and who makes it', async () => {
  const { db } = world.engine.database;
  const config = { extension: 'nobody.demo', channel: 'stable' };
  await db.update(targets).set({ config }).where(eq(targets.id, PLACES.own));
  const packageId = await world.packaged({ publisher: 'nobody', version: '1.0.0' });
  const place = await own(world.person, packageId);
  expect(place).toMatchObject({
    closed: { code: 'no_such_namespace' },
    ownNamespace: { publisher: 'nobody', lacks: 'namespace', mendBy: 'user_ana' },
  });
  await expect(publish(world.person, packageId)).rejects.toMatchObject({ code: 'no_such_namespace' });
});
