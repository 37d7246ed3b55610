import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '@/lib/db/client';
import { openTestDatabase, personActor, testContext } from '@/lib/db/testing/context';
import { makeComponent, makeConnection, makeTarget } from '@/lib/db/testing/factories';
import { readSetup } from '.';
import { placesOf } from './places';

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const repository = 'acme/app';
const ctxOf = () => testContext(database.db, { actor: personActor([{ role: 'admin', environmentPattern: '*' }]) });

let n = 0;
/** An extension whose only target is at the Marketplace, with these settings beside the repository. */
async function extensionAt(more: (ids: { code: string; market: string }) => object) {
  const { db } = database;
  const component = await makeComponent(db, { slug: `ext-${++n}`, kind: 'extension' });
  const connection = await makeConnection(db, { providerId: 'vs-marketplace' });
  const code = await makeConnection(db, { providerId: 'github', name: `Code ${n}` });
  const config = {
    repository,
    extension: 'acme.demo',
    channel: 'both',
    ...more({ code: code.id, market: connection.id }),
  };
  await makeTarget(db, { component, connection, config });
  return { component, code, connection };
}

test('where a gallery alone names the repository, the connection that starts its workflow takes the proposal', async () => {
  const { component, code } = await extensionAt((ids) => ({ workflow: 'publish.yml', workflowConnection: ids.code }));
  const place = { connectionId: code.id, connectionName: code.name, repository };
  expect(await placesOf(ctxOf(), component.id)).toEqual([place]);
});

test('a target that is not a gallery’s goes before it', async () => {
  const { component } = await extensionAt((ids) => ({ workflow: 'publish.yml', workflowConnection: ids.code }));
  const own = await makeConnection(database.db, { providerId: 'github', name: 'Own' });
  await makeTarget(database.db, { component, connection: own, config: { repository, workflow: 'a.yml' } });
  expect((await placesOf(ctxOf(), component.id)).map(({ connectionName }) => connectionName)).toEqual(['Own']);
});

test.each([
  ['nobody starts a workflow', () => ({})],
  ['that connection is gone', () => ({ workflow: 'publish.yml', workflowConnection: 'con_gone' })],
  ['that connection takes no proposals', ({ market }: { market: string }) => ({ workflowConnection: market })],
])('where %s, it is said what is missing', async (_, more) => {
  const { component } = await extensionAt(more);
  const { place, problem } = await readSetup(ctxOf(), { slug: component.slug });
  expect([place, problem?.code]).toEqual([null, 'no_repository_known']);
  expect(problem?.sentence).toContain(`Only a gallery’s target names ${repository}`);
});
