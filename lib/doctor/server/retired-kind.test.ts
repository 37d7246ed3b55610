import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { getConnection, listConnections } from '@/lib/connections/server';
import type { Database } from '@/lib/db/client';
import { connections } from '@/lib/db/schema';
import { openTestDatabase, personActor, testContext } from '@/lib/db/testing/context';
import { makeConnection } from '@/lib/db/testing/factories';
import { WORKFLOW_ONLY } from '@/lib/providers/vs-marketplace/manifest';
import { examine } from '.';

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const report = (over: object) => ({ ok: true, account: 'acme', scopes: [], problems: [], expiresAt: null, ...over });
const RETIRED = '2026-12-01T00:00:00.000Z';

test.each([
  ['a token that was never checked', 'v1.sealed', null, RETIRED],
  ['a token that was refused', 'v1.sealed', report({ ok: false, account: '' }), RETIRED],
  [
    'a token that ends sooner',
    'v1.sealed',
    report({ expiresAt: '2026-11-30T00:00:00.000Z' }),
    '2026-11-30T00:00:00.000Z',
  ],
  ['no token', 'v1.sealed', report({ account: WORKFLOW_ONLY }), null],
  ['a credential that was taken away', null, null, null],
] as const)('everywhere the same end is told of %s', async (_, sealedCredential, said, end) => {
  const { db } = database;
  const { id } = await makeConnection(db, { providerId: 'vs-marketplace' });
  await db.update(connections).set({ sealedCredential, report: said }).where(eq(connections.id, id));
  const ctx = testContext(db, { actor: personActor([{ role: 'admin', environmentPattern: '*' }]) });
  const [listed, examined] = await Promise.all([listConnections(ctx), examine(ctx)]);
  const mine = [...listed, ...examined.connections].filter((each) => each.id === id);
  expect([...mine, await getConnection(ctx, { id })].map(({ expiresAt }) => expiresAt)).toEqual([end, end, end]);
});
