import { and, desc, eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Actor } from '@/lib/auth/actor';
import { audit, galleryNamespaces, galleryOwners, grants, users } from '@/lib/db/schema';
import type { TokenScope } from '@/lib/members/model/token-scope';
import { type GalleryWorld, galleryWorld } from '../testing/world';
import {
  addOwner,
  createNamespace,
  listGalleryPeople,
  listNamespaces,
  publishToGallery,
  readGalleryExtension,
  removeOwner,
  setKeep,
  unyank,
  yank,
} from '.';

let world: GalleryWorld;
type Person = Awaited<ReturnType<GalleryWorld['person']>>;
let ada: Person;
let ben: Person;
let cleo: Person;

beforeAll(async () => {
  world = await galleryWorld();
  ada = await world.person('ada');
  [ben, cleo] = [await world.person('ben', 'operator'), await world.person('cleo', 'operator')];
  await world.person('vera', 'viewer');
});
afterAll(() => world.close());

let n = 0;
/** A namespace that Ada made, with these others as its owners. */
async function owned(...others: Person[]): Promise<string> {
  const namespace = `${['alpha', 'bravo', 'delta', 'golf', 'hotel', 'kilo', 'sierra', 'tango', 'victor', 'yankee', 'zulu'][n++]}-team`;
  await createNamespace(ada, { namespace });
  for (const { userId } of others) await addOwner(ada, { namespace, userId });
  return namespace;
}

const ownersIn = async (namespace: string) =>
  (await listNamespaces(ada)).find(({ name }) => name === namespace)?.owners.map(({ name }) => name);
const byToken = ({ userId, actor }: Person, ...scopes: TokenScope[]) => {
  const own = actor.kind === 'user' ? actor.grants : [];
  const token: Actor = { kind: 'token', id: 'tok_1', userId, name: 'ci', grants: own, scopes, ip: null };
  return world.contextFor(token);
};
/** Their token with the scope `manage`, or others, limited to environments that match. */
const limitedTo = (within: string, who: Person, ...scopes: TokenScope[]) => {
  const { actor, ...rest } = byToken(who, 'read', ...(scopes.length > 0 ? scopes : ['manage' as const]));
  const held = actor.kind === 'token' ? actor.grants : [];
  return { ...rest, actor: { ...actor, grants: held.map((grant) => ({ ...grant, within })) } as Actor };
};
const disable = (who: Person, at: Date | null) =>
  world.database.db.update(users).set({ disabledAt: at }).where(eq(users.id, who.userId));

describe('owners of a namespace', () => {
  test('one of them makes somebody else one, who then publishes and adds others; a stranger does neither', async () => {
    const namespace = await owned(ben);
    const packageId = await world.packaged({ publisher: namespace, name: 'demo', version: '1.0.0' });
    const publishedBy = (who: Person) => publishToGallery(who, { packageId, by: who.userId });
    await expect(publishedBy(cleo)).rejects.toMatchObject({ code: 'not_an_owner', kind: 'forbidden' });
    await expect(addOwner(cleo, { namespace, userId: cleo.userId })).rejects.toMatchObject({ code: 'not_an_owner' });
    await addOwner(ben, { namespace, userId: cleo.userId });
    expect((await publishedBy(cleo)).outcome).toBe('published');
    expect(await ownersIn(namespace)).toEqual(['ada', 'ben', 'cleo']);
    const [line] = await world.database.db
      .select()
      .from(audit)
      .where(eq(audit.action, 'gallery.add-owner'))
      .orderBy(desc(audit.id))
      .limit(1);
    expect(line?.sentence).toBe(`ben made cleo an owner of the gallery’s namespace ${namespace}.`);
  });

  test('an administrator who is none of them adds and removes all the same, and one without a role does not', async () => {
    const namespace = await owned(ben);
    const root = await world.person('root');
    await addOwner(root, { namespace, userId: cleo.userId });
    await removeOwner(root, { namespace, userId: ada.userId });
    expect(await ownersIn(namespace)).toEqual(['ben', 'cleo']);
    const demoted = { ...ben, actor: { ...ben.actor, grants: [{ role: 'viewer', environmentPattern: '*' }] } as Actor };
    await expect(addOwner(demoted, { namespace, userId: ada.userId })).rejects.toMatchObject({ code: 'not_an_owner' });
  });

  test('the last one who can sign in stays, whoever asks; somebody disabled counts for nothing and can go', async () => {
    const namespace = await owned(ben);
    await disable(ben, new Date());
    const last = removeOwner(ada, { namespace, userId: ada.userId });
    await expect(last).rejects.toMatchObject({ code: 'last_owner', sentence: expect.stringContaining('ada goes') });
    expect((await listNamespaces(ada)).find(({ name }) => name === namespace)?.owners).toEqual([
      { id: ada.userId, name: 'ada', disabled: false },
      { id: ben.userId, name: 'ben', disabled: true },
    ]);
    await removeOwner(ada, { namespace, userId: ben.userId });
    await disable(ben, null);
    expect(await ownersIn(namespace)).toEqual(['ada']);
  });

  test('somebody who counts for nothing can go, also where nobody else counts', async () => {
    const namespace = await owned(ben);
    const root = await world.person('root');
    await disable(ada, new Date());
    await disable(ben, new Date());
    await removeOwner(root, { namespace, userId: ben.userId });
    await disable(ada, null);
    await disable(ben, null);
    expect(await ownersIn(namespace)).toEqual(['ada']);
  });

  test('a token needs the scope that changes the console: with the one for deploying nobody gets in', async () => {
    const namespace = await owned(ben);
    const which = { namespace, userId: cleo.userId };
    await expect(addOwner(byToken(ben, 'deploy'), which)).rejects.toMatchObject({ code: 'scope_missing' });
    await expect(removeOwner(byToken(ada, 'deploy'), which)).rejects.toMatchObject({ code: 'scope_missing' });
    await addOwner(byToken(ben, 'manage'), which);
    expect(await ownersIn(namespace)).toEqual(['ada', 'ben', 'cleo']);
    await removeOwner(byToken(ben, 'manage'), which);
    expect(await ownersIn(namespace)).toEqual(['ada', 'ben']);
  });

  test('a token that is limited to environments changes none, an administrator’s neither, and chooses nobody', async () => {
    const namespace = await owned(ben);
    for (const who of [ada, ben]) {
      const limited = limitedTo('staging', who);
      const no = { kind: 'forbidden', sentence: expect.stringContaining('This token is limited to environments') };
      await expect(addOwner(limited, { namespace, userId: cleo.userId })).rejects.toMatchObject(no);
      await expect(removeOwner(limited, { namespace, userId: ada.userId })).rejects.toMatchObject(no);
      await expect(listGalleryPeople(limited)).rejects.toMatchObject(no);
      expect((await listNamespaces(limited)).some(({ mayManage }) => mayManage)).toBe(false);
    }
    expect(await ownersIn(namespace)).toEqual(['ada', 'ben']);
    await addOwner(limitedTo('*', ben), { namespace, userId: cleo.userId });
    expect(await ownersIn(namespace)).toEqual(['ada', 'ben', 'cleo']);
  });

  test('such a token neither yanks, nor puts back, nor sets what is kept; a person with a role in one environment does', async () => {
    const namespace = await owned(ben);
    const packageId = await world.packaged({ publisher: namespace, name: 'demo', version: '1.0.0' });
    await publishToGallery(ben, { packageId, by: ben.userId });
    const which = { namespace, name: 'demo', version: '1.0.0' };
    const all = (who: Pick<Person, 'actor' | 'db'> & Parameters<typeof yank>[0]) => [
      () => setKeep(who, { namespace, keep: 3 }),
      () => yank(who, { ...which, reason: 'It phones home.' }),
      () => unyank(who, which),
    ];
    for (const who of [ada, ben]) {
      const limited = limitedTo('staging', who, 'deploy', 'manage');
      const no = { kind: 'forbidden', sentence: expect.stringContaining('This token is limited to environments') };
      for (const act of all(limited)) await expect(act()).rejects.toMatchObject(no);
      expect((await readGalleryExtension(limited, which)).mayYank).toBe(false);
    }
    const ofStaging = { ...ben.actor, grants: [{ role: 'operator', environmentPattern: 'staging' }] } as Actor;
    for (const who of [limitedTo('*', ben, 'deploy'), byToken(ben, 'deploy'), { ...ben, actor: ofStaging }])
      for (const act of all(who)) await act();
    expect((await readGalleryExtension(ben, which)).mayYank).toBe(true);
    expect((await listNamespaces(ada)).find(({ name }) => name === namespace)?.keep).toBe(3);
  });

  test('whoever may deploy nowhere is not made one, and counts for nothing where they are', async () => {
    const namespace = await owned(ben);
    const vera = await world.person('vera');
    const refused = { code: 'may_not_deploy', sentence: expect.stringContaining('vera may deploy nowhere') };
    await expect(addOwner(ada, { namespace, userId: vera.userId })).rejects.toMatchObject(refused);
    const as = (role: 'viewer' | 'operator') =>
      world.database.db.update(grants).set({ role }).where(eq(grants.userId, ben.userId));
    await as('viewer');
    const last = removeOwner(ada, { namespace, userId: ada.userId });
    await expect(last).rejects.toMatchObject({ code: 'last_owner' });
    await as('operator');
    expect(await ownersIn(namespace)).toEqual(['ada', 'ben']);
  });

  test('one who is being removed at that moment changes none any more', async () => {
    const namespace = await owned(ben);
    const { db } = world.database;
    const waiting = sql`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    const asked = await db.transaction(async (tx) => {
      await tx.select().from(galleryNamespaces).where(eq(galleryNamespaces.name, namespace)).for('update');
      await tx
        .delete(galleryOwners)
        .where(and(eq(galleryOwners.namespace, namespace), eq(galleryOwners.userId, ben.userId)));
      const both = Promise.allSettled([
        addOwner(ben, { namespace, userId: cleo.userId }),
        removeOwner(ben, { namespace, userId: cleo.userId }),
      ]);
      await vi.waitFor(async () => expect((await db.execute(waiting)).rows).toHaveLength(2), { timeout: 10_000 });
      return { both };
    });
    expect(await asked.both).toMatchObject([
      { reason: { code: 'not_an_owner' } },
      { reason: { code: 'not_an_owner' } },
    ]);
    expect(await ownersIn(namespace)).toEqual(['ada']);
  });
});

describe('whom one can make an owner', () => {
  test('those who may deploy somewhere and can sign in, told to owners and administrators only', async () => {
    await owned(ben);
    const names = async (who: Person) => (await listGalleryPeople(who)).map(({ login }) => login);
    expect(await names(ada)).toEqual(expect.arrayContaining(['ada', 'ben', 'cleo']));
    expect(await names(ada)).not.toContain('vera');
    await disable(cleo, new Date());
    expect(await names(ben)).not.toContain('cleo');
    await disable(cleo, null);
    const stranger = await world.person('stran', 'operator');
    await expect(names(stranger)).rejects.toMatchObject({ code: 'not_an_owner', kind: 'forbidden' });
    await expect(listGalleryPeople(byToken(ada, 'deploy'))).rejects.toMatchObject({ code: 'scope_missing' });
  });

  test('a role on one environment is enough', async () => {
    const part = await world.person('part', 'viewer');
    await world.database.db.insert(grants).values({
      ...{ id: 'grn_part_too', userId: part.userId, role: 'operator', environmentPattern: 'staging' },
    });
    expect((await listGalleryPeople(ada)).map(({ id }) => id)).toContain(part.userId);
  });
});

test('who may manage a namespace is told with it', async () => {
  const namespace = await owned(ben);
  const told = async (who: Person) =>
    (await listNamespaces(who)).find(({ name }) => name === namespace)?.mayManage ?? null;
  const stranger = await world.person('stran', 'operator');
  expect([await told(ada), await told(ben), await told(stranger)]).toEqual([true, true, false]);
});
