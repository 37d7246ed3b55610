import { randomBytes } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ServiceContext } from '@/lib/auth/context';
import { createConnection, createKeyRing, openConnection, verifyConnection } from '@/lib/connections/server';
import type { Database } from '@/lib/db/client';
import { attempts, deployments, pins } from '@/lib/db/schema';
import { openTestDatabase, personActor, testContext } from '@/lib/db/testing/context';
import { makeTarget } from '@/lib/db/testing/factories';
import * as engine from '@/lib/deployments/server';
import { systemClock } from '@/lib/kernel/clock';
import { type Client, clientOf } from '@/lib/sandbox/testing/client';
import { sandboxFetch } from '@/lib/sandbox/transport';
import { checkTarget } from '@/lib/targets/server';

const settings = { keys: createKeyRing(randomBytes(32)), allowLoopbackHttp: true };
const repository = 'aetherstack/aetherstack';
const HOSTS = {
  vercel: { project: 'aetherstack-dashboard', team: 'aetherstack', production: true, repository, defaultRef: 'main' },
  netlify: { site: 'aetherstack-docs.netlify.app', production: true, repository, defaultRef: 'main' },
};

let client: Client;
let database: Database;
let ctx: ServiceContext;
const connectionIds = new Map<string, string>();
beforeAll(async () => {
  client = await clientOf({ pace: 1 });
  database = await openTestDatabase();
  const admin = personActor([{ role: 'admin', environmentPattern: '*' }]);
  const fetch = sandboxFetch(client.sandbox.url);
  const deps = { db: database.db, clock: systemClock, keys: settings.keys, fetch, writesPerMinute: Infinity };
  ctx = { ...testContext(database.db, { actor: admin }), openConnection: (id) => openConnection(deps, id) };
});
afterAll(async () => {
  await client.sandbox.close();
  await database.close();
});

async function connect(providerId: string): Promise<string> {
  const credential = { kind: 'token', token: 'sandbox-token' } as const;
  const { id } = await createConnection(ctx, { name: providerId, providerId, credential }, settings);
  await verifyConnection(ctx, { id });
  connectionIds.set(providerId, id);
  return id;
}

const row = async (id: string) => {
  const [found] = await database.db.select().from(deployments).where(eq(deployments.id, id));
  return found ?? expect.fail('no such deployment');
};
/** Looks at it as a worker would, while the vendor's time goes on. */
async function until(id: string, wanted: string, ms = 15_000) {
  for (let look = 0; look < 12; look++) {
    await engine.advance(ctx, id);
    const now = await row(id);
    if (now.status === wanted) return now;
    await client.control('advance', { ms });
  }
  return expect.fail(`never ${wanted}: ${JSON.stringify(await row(id))}`);
}
let keys = 0;
const deploy = (targetId: string, sha: string) =>
  engine.triggerDeployment(ctx, {
    ...{ targetId, revision: { ref: 'main', refKind: 'branch', sha }, inputs: {}, checklist: [], reason: '' },
    idempotencyKey: `key-of-a-click-${++keys}`,
    freezeOverrideReason: null,
  });

test('a host without any connection that has repositories says which one is missing', async () => {
  const connectionId = await connect('vercel');
  const check = await checkTarget(ctx, { connectionId, config: HOSTS.vercel });
  expect(check.problem).toMatchObject({ code: 'no_source', sentence: expect.stringContaining('under Connections') });
  await connect('netlify');
  await connect('github');
});

describe.each(['vercel', 'netlify'] as const)('a target at %s', (id) => {
  let targetId: string;
  let head: string;
  beforeAll(async () => {
    const connection = { id: connectionIds.get(id) ?? '' };
    targetId = (await makeTarget(database.db, { connection, config: HOSTS[id] })).id;
  });
  beforeEach(async () => {
    await client.control('scenario', { name: 'happy', pace: 1 });
    head = String((await client.control('push', { branch: 'main' })).sha);
  });

  test('is checked and offered commits through the connection that has them', async () => {
    const config = HOSTS[id];
    const check = await checkTarget(ctx, { connectionId: connectionIds.get(id) ?? '', config });
    expect(check).toMatchObject({ problem: null, form: null, revision: { ref: 'main', sha: head } });
    const other = { ...config, ...(id === 'vercel' ? { project: 'another' } : { site: 'another.netlify.app' }) };
    const unknown = await checkTarget(ctx, { connectionId: connectionIds.get(id) ?? '', config: other });
    expect(unknown.problem).toMatchObject({ code: 'not_found' });
    const [first] = await engine.searchRevisions(ctx, { targetId, query: 'main' });
    expect(first).toMatchObject({ ref: 'main', sha: head });
    const plan = await engine.composerPlan(ctx, { targetId, ref: 'main' });
    expect(plan).toMatchObject({ form: null, formless: true, gate: { allowed: true }, revision: { sha: head } });
    await client.control('push', { branch: 'main' });
    const older = await engine.composerPlan(ctx, { targetId, ref: 'main', sha: head });
    expect(older.gate.allowed, 'an older commit').toBe(id === 'vercel');
  });

  test('is deployed, followed to its end and live', async () => {
    const { deploymentId } = await deploy(targetId, head);
    expect(await until(deploymentId, 'succeeded')).toMatchObject({ sha: head, remoteId: expect.any(String) });
    const { logs } = await engine.readDeployment(ctx, { deploymentId });
    expect(logs).toEqual(id === 'vercel' ? { mode: 'poll' } : null);
  });

  test('gets one run when the answer to its start is lost, and that one is followed', async () => {
    await client.control('scenario', { acceptThen502: 1, listLagMs: 4_000 });
    const { deploymentId } = await deploy(targetId, head);
    await engine.advance(ctx, deploymentId);
    expect(await row(deploymentId)).toMatchObject({ status: 'submitting', remoteId: null });
    await engine.advance(ctx, deploymentId);
    expect((await row(deploymentId)).status, 'not listed yet: nothing is sent again').toBe('submitting');
    await client.control('scenario', { acceptThen502: 0 });
    expect(await until(deploymentId, 'succeeded')).toMatchObject({ sha: head });
    expect(await database.db.$count(attempts, eq(attempts.deploymentId, deploymentId))).toBe(1);
  });

  test('is cancelled while it builds', async () => {
    const { deploymentId } = await deploy(targetId, head);
    await until(deploymentId, 'building', 3_000);
    await engine.cancelDeployment(ctx, { deploymentId });
    await until(deploymentId, 'cancelled', 1_000);
  });
});

describe('going back', () => {
  test('Vercel builds exactly the earlier commit again, and the target is pinned', async () => {
    const [target] = await database.db.query.targets.findMany({
      where: (t, { eq: is }) => is(t.connectionId, connectionIds.get('vercel') ?? ''),
    });
    const targetId = target?.id ?? expect.fail('no target');
    const old = target?.currentDeploymentId ?? expect.fail('nothing is live');
    const sha = String((await client.control('push', { branch: 'main' })).sha);
    await until((await deploy(targetId, sha)).deploymentId, 'succeeded');
    const plan = await engine.readRollBack(ctx, { targetId, toDeploymentId: old });
    expect(plan.chosen).toMatchObject({
      how: 'redeploy',
      totalLeaving: expect.any(Number),
      allowed: { allowed: true },
    });
    const { deploymentId } = await engine.rollBack(ctx, {
      ...{ targetId, toDeploymentId: old, reason: 'Errors went up', idempotencyKey: 'key-of-the-way-back' },
      freezeOverrideReason: null,
    });
    expect(await until(deploymentId, 'succeeded')).toMatchObject({ sha: (await row(old)).sha });
    expect(await database.db.$count(pins, eq(pins.targetId, targetId))).toBe(1);
  });

  test('Netlify cannot be told a commit, so an older one is refused before anything is sent', async () => {
    const [target] = await database.db.query.targets.findMany({
      where: (t, { eq: is }) => is(t.connectionId, connectionIds.get('netlify') ?? ''),
    });
    const live = await row(target?.currentDeploymentId ?? expect.fail('nothing is live'));
    await client.control('push', { branch: 'main' });
    await expect(deploy(live.targetId, live.sha)).rejects.toMatchObject({ code: 'ref_changed' });
  });
});
