import { randomBytes } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKeyRing, updateConnection } from '@/lib/connections/server';
import type { Database } from '@/lib/db/client';
import { connections } from '@/lib/db/schema';
import { openTestDatabase, personActor, testContext } from '@/lib/db/testing/context';
import { makeComponent, makeConnection, makeEnvironment, makeTarget } from '@/lib/db/testing/factories';
import { createTarget, updateTarget } from '.';

const AGENT = 'https://agent.example.com:7443';
const settings = (app: string) => ({ app, repository: 'acme/app', defaultRef: 'main' });

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const as = (environmentPattern: string) =>
  testContext(database.db, { actor: personActor([{ role: 'admin', environmentPattern }]) });
const admin = () => as('*');
const agent = (origin = AGENT) => makeConnection(database.db, { providerId: 'self-host', origin });

async function parts() {
  const [component, staging, production, connection] = await Promise.all([
    makeComponent(database.db, { name: 'Web' }),
    makeEnvironment(database.db, { name: 'Staging' }),
    makeEnvironment(database.db, { name: 'Production' }),
    agent(),
  ]);
  const create = (environment: { id: string }, app: string, connectionId = connection.id, ctx = admin()) =>
    createTarget(ctx, {
      componentId: component.id,
      environmentId: environment.id,
      connectionId,
      config: settings(app),
    });
  return { component, staging, production, connection, create };
}

it('two environments are never one app of the same agent, through whichever connection', async () => {
  const { staging, production, create } = await parts();
  await create(production, 'web');
  const taken = { kind: 'conflict', code: 'place_taken', fields: { 'config.app': expect.any(String) } };
  const sentence = expect.stringContaining('Web in Production is the app “web” on this server already');
  await expect(create(staging, 'web')).rejects.toMatchObject({ ...taken, sentence });
  await expect(create(staging, 'web', (await agent(`${AGENT}/`)).id)).rejects.toMatchObject(taken);
  await create(staging, 'web-staging');
  const path = await agent(`${AGENT}/second`);
  const beside = await create(await makeEnvironment(database.db), 'web', path.id);
  expect(beside.id, 'of an agent of its own behind that host').toMatch(/^tgt_/);
  const elsewhere = await agent('https://other.example.com');
  const { id } = await create(await makeEnvironment(database.db), 'web', elsewhere.id);
  expect(id).toMatch(/^tgt_/);
});

it('nor does a change of a target’s settings make them one, and a target keeps its own app', async () => {
  const { staging, production, connection, create } = await parts();
  await create(production, 'shop');
  const { id } = await create(staging, 'shop-staging');
  const change = (app: string, version = 1) =>
    updateTarget(admin(), { id, version, connectionId: connection.id, config: settings(app) });
  await expect(change('shop')).rejects.toMatchObject({ code: 'place_taken' });
  await change('shop-staging');
});

it('nor are two components of one environment one app; two ways to the same app are no harm', async () => {
  const { component, production, connection, create } = await parts();
  await create(production, 'site');
  const other = await makeComponent(database.db, { name: 'Admin' });
  const place = { environmentId: production.id, connectionId: connection.id, config: settings('site') };
  await expect(createTarget(admin(), { ...place, componentId: other.id })).rejects.toMatchObject({
    ...{ code: 'place_taken', sentence: expect.stringContaining('Web in Production is the app “site”') },
    fields: { 'config.app': 'Each component and environment has its own.' },
  });
  const again = await createTarget(admin(), { ...place, componentId: component.id, label: 'second way' });
  expect(again.id).toMatch(/^tgt_/);
});

const move = ({ id, name, version }: typeof connections.$inferSelect, origin: string) =>
  updateConnection(
    admin(),
    { id, name, version, origin },
    { keys: createKeyRing(randomBytes(32)), allowLoopbackHttp: true },
  );

it('nor does another address of a connection, which then keeps the one that it has', async () => {
  const { staging, production, create } = await parts();
  const [one, two] = [await agent('https://one.example.com'), await agent('https://two.example.com')];
  await create(production, 'dashboard', one.id);
  await create(staging, 'dashboard', two.id);
  await expect(move(two, one.origin)).rejects.toMatchObject({
    ...{ kind: 'conflict', code: 'place_taken', fields: { origin: expect.any(String) } },
    sentence: expect.stringContaining('“dashboard” would be two targets: Web in Production, and Web in Staging.'),
  });
  const [kept] = await database.db.select().from(connections).where(eq(connections.id, two.id));
  expect(kept).toMatchObject({ origin: two.origin, version: two.version });
  await move(two, 'https://three.example.com');
  await move(one, two.origin);
});

it('two of one connection that were one app before do not keep it from another address', async () => {
  const connection = await agent('https://pair.example.com');
  for (const _ of ['staging', 'production']) await makeTarget(database.db, { connection, config: settings('pair') });
  expect(await move(connection, 'https://moved.example.com')).toMatchObject({ credentialWiped: true });
});

it('two that were one app before keep neither of them from another label', async () => {
  const connection = await agent('https://twins.example.com');
  const one = await makeTarget(database.db, { connection, config: settings('twins') });
  await makeTarget(database.db, { connection, config: settings('twins') });
  const change = { id: one.id, config: settings('twins'), label: 'blue' };
  await updateTarget(admin(), { ...change, version: one.version, connectionId: connection.id });
  const { id: connectionId } = await agent('https://twins.example.com/');
  const moved = updateTarget(admin(), { ...change, version: one.version + 1, connectionId });
  await expect(moved).rejects.toMatchObject({ code: 'place_taken' });
});

it('of two that come at once one is refused', async () => {
  const { staging, production, create } = await parts();
  const tried = await Promise.allSettled([create(staging, 'race'), create(production, 'race')]);
  expect(tried.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(tried.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'place_taken' } });
});

describe('production of one project at a host is one place as well', () => {
  const vercel = (project: string, production: boolean, team?: string) => ({
    ...{ project, production, ...(team && { team }), repository: 'acme/app', defaultRef: 'main' },
  });
  const netlify = (site: string, production: boolean) => ({
    ...{ site, production, repository: 'acme/app', defaultRef: 'main' },
  });
  const at = (providerId: 'vercel' | 'netlify') =>
    makeConnection(database.db, { providerId, origin: `https://api.${providerId}.com` });
  const targetOf =
    (component: { id: string }, environment: { id: string }) =>
    (connection: { id: string }, config: Record<string, unknown>) =>
      createTarget(admin(), {
        ...{ componentId: component.id, environmentId: environment.id, connectionId: connection.id, config },
        label: `${connection.id} ${JSON.stringify(config).length}`,
      });

  it('which another environment does not get, nor another component, while previews are shared', async () => {
    const { component, staging, production } = await parts();
    const [one, two] = [await at('vercel'), await at('vercel')];
    const other = await makeComponent(database.db, { name: 'Admin' });
    await targetOf(component, production)(one, vercel('shop', true, 'acme'));
    const taken = {
      ...{ kind: 'conflict', code: 'place_taken' },
      sentence:
        'Web in Production is production of the project “acme/shop” already, and each deployment to one would replace the other. Name another project, or leave production off.',
      fields: { 'config.project': expect.any(String), 'config.production': expect.any(String) },
    };
    const inStaging = targetOf(component, staging);
    for (const connection of [one, two])
      await expect(inStaging(connection, vercel('shop', true, 'acme'))).rejects.toMatchObject(taken);
    await expect(targetOf(other, production)(one, vercel('shop', true, 'acme'))).rejects.toMatchObject(taken);
    const fine = [vercel('shop', false, 'acme'), vercel('shop-staging', true, 'acme'), vercel('shop', true, 'others')];
    for (const config of fine) expect((await inStaging(one, config)).id).toMatch(/^tgt_/);
    await targetOf(other, staging)(two, vercel('shop', false, 'acme'));
  });

  it('of a personal account that is the one of its connection', async () => {
    const { component, staging, production } = await parts();
    const [one, two] = [await at('vercel'), await at('vercel')];
    await targetOf(component, production)(one, vercel('mine', true));
    const inStaging = targetOf(component, staging);
    await expect(inStaging(one, vercel('mine', true))).rejects.toMatchObject({ code: 'place_taken' });
    expect((await inStaging(two, vercel('mine', true))).id).toMatch(/^tgt_/);
  });

  it('at Netlify through whatever connection', async () => {
    const { component, staging, production } = await parts();
    await targetOf(component, production)(await at('netlify'), netlify('shop.netlify.app', true));
    const [inStaging, second] = [targetOf(component, staging), await at('netlify')];
    await expect(inStaging(second, netlify('shop.netlify.app', true))).rejects.toMatchObject({ code: 'place_taken' });
    await inStaging(second, netlify('shop.netlify.app', false));
  });

  it('whatever capitals its name is written in', async () => {
    const { component, staging, production } = await parts();
    const [site, project] = [await at('netlify'), await at('vercel')];
    await targetOf(component, production)(site, netlify('Capitals.netlify.app', true));
    await targetOf(component, production)(project, vercel('capitals', true, 'Acme'));
    const inStaging = targetOf(component, staging);
    const taken = { code: 'place_taken' };
    await expect(inStaging(site, netlify('capitals.netlify.app', true))).rejects.toMatchObject(taken);
    await expect(inStaging(project, vercel('Capitals', true, 'acme'))).rejects.toMatchObject(taken);
  });
});

it('an environment that the person may not see is not named', async () => {
  const { staging, production, connection, create } = await parts();
  await create(production, 'hidden');
  const refused = create(staging, 'hidden', connection.id, as(staging.slug));
  await expect(refused).rejects.toMatchObject({
    ...{ code: 'place_taken', sentence: expect.stringMatching(/^A target of another environment is the app/) },
  });
});
