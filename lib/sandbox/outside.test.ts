import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ServiceContext } from '@/lib/auth/context';
import type { Database } from '@/lib/db/client';
import { components, deployments, environments, sightings, targets } from '@/lib/db/schema';
import { openTestDatabase, personActor, testContext } from '@/lib/db/testing/context';
import { advance, readNow, triggerDeployment } from '@/lib/deployments/server';
import { Secret } from '@/lib/kernel/secret';
import { capability } from '@/lib/providers/port';
import { providers } from '@/lib/providers/registry.generated';
import { seedDemo } from '@/lib/seed/demo';
import { lookNow } from '@/lib/sightings/server';
import { type Client, clientOf } from './testing/client';
import { sandboxFetch } from './transport';

const provider = Object.values(providers).find((each) => each.methods.live);
if (!provider) throw new Error('No provider says what is live.');

let database: Database;
let client: Client;
let engine: ServiceContext;
beforeEach(async () => {
  database = await openTestDatabase();
  client = await clientOf();
  engine = contextFor();
  await seedDemo(database.db, {
    providerId: provider.manifest.id,
    origin: provider.manifest.defaultOrigin,
    connectionName: 'sandbox',
    sealCredential: () => 'sealed',
    now: Date.now(),
    loadCommits: async (connectionId, config) => {
      const open = await engine.openConnection(connectionId);
      return capability(open.provider, 'source').commits(open.context, config, 'main', 1);
    },
  });
});
afterEach(async () => {
  await client.sandbox.close();
  await database.close();
});

function contextFor(actor?: ServiceContext['actor']): ServiceContext {
  const fetch = sandboxFetch(client.sandbox.url);
  const credential = { kind: 'token', token: new Secret('sandbox-token') } as const;
  const base = testContext(database.db, {
    ...(actor ? { actor } : {}),
    openConnection: async (connectionId) => ({
      provider: provider as never,
      context: {
        connectionId,
        origin: provider?.manifest.defaultOrigin ?? '',
        credential,
        fetch,
        now: () => Date.now(),
      },
    }),
  });
  return { ...base, fetchOutside: (url, init) => fetch(url, init) };
}

const targetOf = async (component: string, environment: string): Promise<string> => {
  const [row] = await database.db
    .select({ id: targets.id, slug: components.slug, environment: environments.slug })
    .from(targets)
    .innerJoin(components, eq(components.id, targets.componentId))
    .innerJoin(environments, eq(environments.id, targets.environmentId))
    .where(eq(components.slug, component))
    .then((rows) => rows.filter((each) => each.environment === environment));
  return row?.id ?? '';
};

async function deploy(targetId: string): Promise<string> {
  const { connectionId } = (await database.db.query.targets.findFirst({ where: eq(targets.id, targetId) })) ?? {};
  const open = await engine.openConnection(connectionId ?? '');
  const config = (await database.db.query.targets.findFirst({ where: eq(targets.id, targetId) }))?.config ?? {};
  const revision = await capability(open.provider, 'source').resolve(open.context, config, 'main');
  const who = contextFor(personActor([{ role: 'operator', environmentPattern: '*' }]));
  const input = { targetId, revision, inputs: {}, reason: '', idempotencyKey: `key-${targetId}-${revision.sha}` };
  return (await triggerDeployment(who, input)).deploymentId;
}

const rowOf = async (id: string) => database.db.query.deployments.findFirst({ where: eq(deployments.id, id) });
const until = (id: string, holds: (row: NonNullable<Awaited<ReturnType<typeof rowOf>>>) => boolean) =>
  vi.waitFor(
    async () => {
      await advance(engine, id);
      const row = await rowOf(id);
      if (!row || !holds(row)) throw new Error(`It is ${row?.status}: ${row?.waitingFor ?? row?.failureSentence}`);
      return row;
    },
    { timeout: 40_000, interval: 200 },
  );

test('the demo is verified by the simulated service itself, and somebody’s hand is found as drift', async () => {
  const targetId = await targetOf('docs', 'staging');
  // What is live already would be confirmed at the first answer.
  await client.control('push', { branch: 'main' });
  await client.control('scenario', { liveLagMs: 3_600_000 });
  const id = await deploy(targetId);
  const waiting = await until(id, (row) => row.status === 'verifying' && row.waitingFor !== null);
  expect(waiting.waitingFor).toContain('https://services.aetherstack.example/staging/docs/version');
  await client.control('advance', { ms: 3_600_000 });
  const row = await until(id, ({ status }) => status === 'succeeded');
  expect(row.evidence).toMatchObject({
    probe: { url: 'https://services.aetherstack.example/staging/docs/version', answered: row.sha },
  });
  const viewer = contextFor(personActor([{ role: 'viewer', environmentPattern: '*' }]));
  expect(await lookNow(viewer, { targetId })).toMatchObject({ live: row.sha, drift: null, trouble: null });
  await client.control('live', { environment: 'staging', component: 'docs', sha: 'd'.repeat(40) });
  expect(await lookNow(viewer, { targetId })).toMatchObject({
    drift: `Somebody deployed ddddddd outside this console; #${row.number} (${row.sha.slice(0, 7)}) should be live.`,
  });
  expect((await readNow(viewer)).headline.sentence).toContain('Somebody deployed ddddddd outside this console');
}, 90_000);

test('without a probe, somebody else’s run is found at the provider, with its author', async () => {
  const targetId = await targetOf('backend', 'staging');
  await database.db.update(targets).set({ probe: null });
  const id = await deploy(targetId);
  await until(id, ({ status }) => status === 'succeeded');
  expect(await lookNow(engine, { targetId })).toMatchObject({ drift: null });
  await client.control('push', { branch: 'main' });
  await client.dispatch({ environment: 'staging' });
  await client.control('advance', { ms: 600_000 });
  expect((await lookNow(engine, { targetId })).drift).toMatch(
    /^Somebody deployed [0-9a-f]{7} outside this console \(\S+\); #/,
  );
  const [sighting] = await database.db.select().from(sightings).where(eq(sightings.targetId, targetId));
  expect(sighting).toMatchObject({ source: 'provider', remoteUrl: expect.stringContaining('/actions/runs/') });
}, 90_000);
