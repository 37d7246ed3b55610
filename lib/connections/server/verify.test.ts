import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connections } from '@/lib/db/schema';
import { openTestDatabase, personActor, testContext } from '@/lib/db/testing/context';
import { makeConnection } from '@/lib/db/testing/factories';
import { Secret } from '@/lib/kernel/secret';
import { type Credential, ProviderError } from '@/lib/providers/port';
import { provider as marketplace } from '@/lib/providers/vs-marketplace/adapter';
import { WORKFLOW_ONLY } from '@/lib/providers/vs-marketplace/manifest';
import { verifyConnection } from './verify';

let database: Awaited<ReturnType<typeof openTestDatabase>>;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const refusing = {
  ...marketplace,
  verifyCredential: () => Promise.reject(new ProviderError('auth', 'bad_credentials', 'It was refused.')),
};

test.each([
  ['a connection without a token is still known as one', WORKFLOW_ONLY, WORKFLOW_ONLY],
  ['whose token it is nobody knows', 'acme', ''],
])('after a check that failed %s', async (_, username, account) => {
  const { id } = await makeConnection(database.db, { providerId: 'vs-marketplace', name: username });
  const credential: Credential = { kind: 'basic', username, password: new Secret('-'), tokenOrigin: null };
  const { context } = await testContext(database.db).openConnection(id);
  const open = async () => ({ provider: refusing, context: { ...context, credential } });
  const actor = personActor([{ role: 'admin', environmentPattern: '*' }]);
  await verifyConnection(testContext(database.db, { actor, openConnection: open }), { id });
  const [row] = await database.db.select().from(connections).where(eq(connections.id, id));
  expect(row).toMatchObject({ state: 'failing', report: { ok: false, account } });
});
