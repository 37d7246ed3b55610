import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '@/lib/db/client';
import { openTestDatabase, personActor, testContext } from '@/lib/db/testing/context';
import { makeComponent, makeConnection, makeEnvironment } from '@/lib/db/testing/factories';
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
  return { staging, production, connection, create };
}

it('two environments are never one app of the same agent, through whichever connection', async () => {
  const { staging, production, create } = await parts();
  await create(production, 'web');
  const taken = { kind: 'conflict', code: 'place_taken', fields: { 'config.app': expect.any(String) } };
  const sentence = expect.stringContaining('Web in Production is the app “web” on this server already');
  await expect(create(staging, 'web')).rejects.toMatchObject({ ...taken, sentence });
  await expect(create(staging, 'web', (await agent(`${AGENT}/`)).id)).rejects.toMatchObject(taken);
  await create(staging, 'web-staging');
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

it('of two that come at once one is refused', async () => {
  const { staging, production, create } = await parts();
  const tried = await Promise.allSettled([create(staging, 'race'), create(production, 'race')]);
  expect(tried.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(tried.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'place_taken' } });
});

it('an environment that the person may not see is not named', async () => {
  const { staging, production, connection, create } = await parts();
  await create(production, 'hidden');
  const refused = create(staging, 'hidden', connection.id, as(staging.slug));
  await expect(refused).rejects.toMatchObject({
    ...{ code: 'place_taken', sentence: expect.stringMatching(/^A target of another environment is the app/) },
  });
});
