import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Database } from '@/lib/db/client';
import { targets } from '@/lib/db/schema';
import { fakeProvider, openTestDatabase, personActor, testContext } from '@/lib/db/testing/context';
import { makeComponent, makeConnection, makeEnvironment, makeTarget } from '@/lib/db/testing/factories';
import { catalog } from '@/lib/providers/catalog.generated';
import { ProviderError } from '@/lib/providers/port';
import { updateTarget } from '.';

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const providerId = Object.values(catalog).find(({ capabilities }) => capabilities.workflows)?.id ?? '';
let serial = 0;
/** Another for each test: targets of all of them stay in the database. */
let names: { from: string; to: string };
let asked: string[];
let called: () => Promise<string>;

beforeEach(() => {
  names = { from: `acme/old-${++serial}`, to: `acme/new-${serial}` };
  asked = [];
  called = async () => names.to.toUpperCase();
});

const config = (repository: string) => ({ repository, workflow: 'deploy.yml', defaultRef: 'main' });

function as(environmentPattern = '*') {
  const source = {
    called: (_c: unknown, repository: string) => {
      asked.push(repository);
      return called();
    },
  };
  const provider = fakeProvider({}, { source } as never);
  return testContext(database.db, { actor: personActor([{ role: 'admin', environmentPattern }]), provider });
}

/** Web in Staging and in Production, of one repository. */
async function scene(origin = 'https://api.github.com', others = origin) {
  const { db } = database;
  const component = await makeComponent(db, { name: 'Web' });
  const connection = await makeConnection(db, { providerId, origin });
  const second = await makeConnection(db, { providerId, origin: others });
  const [staging, production] = [
    await makeEnvironment(db, { name: 'Staging' }),
    await makeEnvironment(db, { name: 'Production' }),
  ];
  const parts = { component, config: config(names.from) };
  const own = await makeTarget(db, { ...parts, environment: staging, connection });
  const sibling = await makeTarget(db, {
    ...{ component, environment: production, connection: second },
    config: { ...config(names.from.toUpperCase()), inputs: { stage: 'live' } },
  });
  const save = (repository: string, ctx = as(), version = own.version) =>
    updateTarget(ctx, { id: own.id, version, connectionId: connection.id, config: config(repository) });
  const read = async (id: string) =>
    database.db.query.targets.findFirst({ where: (table, { eq }) => eq(table.id, id) });
  return { own, sibling, save, staging, read, connection, second };
}

async function traces(id: string) {
  const lines = await database.db.query.audit.findMany({ where: (table, { eq }) => eq(table.resourceId, id) });
  const said = await database.db.query.events.findMany({ where: (table, { eq }) => eq(table.targetId, id) });
  return { lines, events: said.map(({ kind }) => kind) };
}

it('a repository that was renamed is renamed in every target that names it, and the saver is told', async () => {
  const { own, sibling, save, read } = await scene();
  const saved = await save(names.to);
  expect(saved).toEqual({ alsoChanged: [{ id: sibling.id, name: 'Web to Production' }], notChanged: 0 });
  expect(asked).toEqual([names.from]);
  expect(await read(own.id)).toMatchObject({ config: { repository: names.to }, version: own.version + 1 });
  const changed = await read(sibling.id);
  expect(changed?.config).toEqual({ ...config(names.to), inputs: { stage: 'live' } });
  expect(changed?.version).toBe(sibling.version + 1);
  const { lines, events } = await traces(sibling.id);
  expect(events).toEqual(['target.update']);
  expect(lines).toMatchObject([{ action: 'target.update', sentence: expect.stringContaining(names.to) }]);
  expect((await traces(own.id)).lines).toHaveLength(1);
});

it('a gallery’s target whose run is started there is one of them', async () => {
  const { sibling, save, read, second } = await scene();
  const gallery = Object.values(catalog).find(({ capabilities }) => capabilities.publish?.byRun);
  const by = gallery?.capabilities.publish?.byRun?.connection ?? '';
  const there = await makeConnection(database.db, {
    providerId: gallery?.id ?? '',
    origin: 'https://gallery.example.com',
  });
  const settings = { repository: names.from, workflow: 'publish.yml', [by]: second.id };
  const published = await makeTarget(database.db, { connection: there, config: settings });
  const saved = await save(names.to);
  expect(saved.alsoChanged.map(({ id }) => id).sort()).toEqual([sibling.id, published.id].sort());
  expect((await read(published.id))?.config).toEqual({ ...settings, repository: names.to });
});

it('another repository changes nobody else, nor does one whose former name is somebody else’s by now', async () => {
  const { sibling, save, read } = await scene();
  called = async () => names.from;
  expect(await save(names.to)).toEqual({ alsoChanged: [], notChanged: 0 });
  expect(await read(sibling.id)).toEqual(sibling);
  expect((await traces(sibling.id)).lines).toEqual([]);
});

it('where the provider cannot be asked, the one target is changed', async () => {
  const { own, sibling, save, read } = await scene();
  called = () => Promise.reject(new ProviderError('notFound', 'no_repository', 'Nothing there.'));
  expect(await save(names.to)).toEqual({ alsoChanged: [], notChanged: 0 });
  expect(await read(own.id)).toMatchObject({ config: { repository: names.to } });
  expect(await read(sibling.id)).toEqual(sibling);
});

it('no other save costs a request', async () => {
  const { save, own, sibling } = await scene();
  await save(names.from.toUpperCase());
  await database.db.delete(targets).where(eq(targets.id, sibling.id));
  await save(names.to, as(), own.version + 1);
  expect(asked).toEqual([]);
});

it('the repository of that name at another server is another one', async () => {
  const { sibling, save, read } = await scene('https://one.example.com', 'https://two.example.com');
  expect(await save(names.to)).toEqual({ alsoChanged: [], notChanged: 0 });
  expect([asked, await read(sibling.id)]).toEqual([[], sibling]);
});

it('a target that comes from another server takes nobody along', async () => {
  const { own, sibling, second, read } = await scene('https://one.example.com', 'https://two.example.com');
  const moved = { id: own.id, version: own.version, connectionId: second.id, config: config(names.to) };
  expect(await updateTarget(as(), moved)).toEqual({ alsoChanged: [], notChanged: 0 });
  expect([asked, await read(sibling.id)]).toEqual([[], sibling]);
});

it('targets of environments that the saver may not change stay as they are, and are counted', async () => {
  const { sibling, save, staging, read } = await scene();
  expect(await save(names.to, as(staging.slug))).toEqual({ alsoChanged: [], notChanged: 1 });
  expect(await read(sibling.id)).toEqual(sibling);
});

it('a save that is refused changes nobody', async () => {
  const { sibling, save, read } = await scene();
  await expect(save(names.to, as(), 7)).rejects.toMatchObject({ code: 'changed_since' });
  expect(await read(sibling.id)).toEqual(sibling);
});

it('of two that come at once each has the new name, and nobody waits for ever', async () => {
  const { own, sibling, save, read, second } = await scene();
  const other = { id: sibling.id, version: sibling.version, connectionId: second.id, config: config(names.to) };
  const tried = await Promise.allSettled([save(names.to), updateTarget(as(), other)]);
  expect(tried.some(({ status }) => status === 'fulfilled')).toBe(true);
  for (const each of tried)
    if (each.status === 'rejected') expect(each.reason).toMatchObject({ code: 'changed_since' });
  for (const { id } of [own, sibling]) expect((await read(id))?.config).toMatchObject({ repository: names.to });
});
