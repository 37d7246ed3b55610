import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ServiceContext } from '@/lib/auth/context';
import type { Database } from '@/lib/db/client';
import { targets } from '@/lib/db/schema';
import { openTestDatabase, testContext } from '@/lib/db/testing/context';
import { Secret } from '@/lib/kernel/secret';
import { providers } from '@/lib/providers/registry.generated';
import type { Runtime } from '@/lib/runtime';
import { type Client, clientOf } from '@/lib/sandbox/testing/client';
import { sandboxFetch } from '@/lib/sandbox/transport';
import { lookNow } from '@/lib/sightings/server';
import { seedSandbox } from './boot-sandbox';

const [provider] = Object.values(providers);

let database: Database;
let client: Client;
beforeEach(async () => {
  database = await openTestDatabase();
  client = await clientOf();
  const secret = (bytes: number) => randomBytes(bytes).toString('base64');
  vi.stubEnv('DATABASE_URL', database.url);
  vi.stubEnv('NEXTAUTH_URL', 'http://localhost:3000');
  vi.stubEnv('NEXTAUTH_SECRET', secret(48));
  vi.stubEnv('AETHERSTACK_KEK', secret(32));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await client.sandbox.close();
  await database.close();
});

function context(): ServiceContext {
  const fetch = sandboxFetch(client.sandbox.url);
  const credential = { kind: 'token', token: new Secret('sandbox-token') } as const;
  const origin = provider?.manifest.defaultOrigin ?? '';
  const openConnection: ServiceContext['openConnection'] = async (connectionId) => ({
    provider: provider as never,
    context: { connectionId, origin, credential, fetch, now: () => Date.now() },
  });
  return { ...testContext(database.db, { openConnection }), fetchOutside: (url, init) => fetch(url, init) };
}

const start = () =>
  seedSandbox({
    database,
    env: { AETHERSTACK_SANDBOX_URL: client.sandbox.url },
    contextFor: context,
  } as unknown as Runtime);

async function looks() {
  const rows = await database.db.select().from(targets);
  return Promise.all(rows.map((row) => lookNow(context(), { targetId: row.id })));
}

test('a fresh demo has no drift: its services say what its history says; what is changed by hand stays over a restart', async () => {
  await start();
  const first = await looks();
  expect(first).toHaveLength(9);
  for (const each of first) expect(each).toEqual({ live: expect.any(String), drift: null, trouble: null });
  await client.control('live', { environment: 'production', component: 'backend', sha: 'd'.repeat(40) });
  await start();
  expect((await looks()).filter((each) => each.drift !== null)).toHaveLength(1);
}, 60_000);
