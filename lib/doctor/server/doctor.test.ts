import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '@/lib/auth/actor';
import { replayDelivery } from '@/lib/connections/server';
import type { Database } from '@/lib/db/client';
import {
  audit,
  configurationReadings,
  connections,
  inbox,
  notifications,
  quotas,
  sightings,
  subscriptions,
} from '@/lib/db/schema';
import { openTestDatabase, personActor, testContext } from '@/lib/db/testing/context';
import { makeComponent, makeConnection, makeDeployment, makeEnvironment, makeTarget } from '@/lib/db/testing/factories';
import { newId } from '@/lib/kernel/ids';
import { providers } from '@/lib/providers/registry.generated';
import { processDeliveries } from '@/lib/webhooks/process';
import { examine } from '.';

/** One with webhooks and settings, whichever that is. */
const providerId = Object.values(providers).find((each) => each.methods.webhooks)?.manifest.id ?? '';
const admin = personActor([{ role: 'admin', environmentPattern: '*' }]);
const viewer = personActor([{ role: 'viewer', environmentPattern: 'staging' }]);
const hours = (n: number) => new Date(Date.now() + n * 3_600_000);

let database: Database;
let ids: { healthy: string; sick: string; strange: string };

beforeAll(async () => {
  database = await openTestDatabase();
  const { db } = database;
  const staging = await makeEnvironment(db, { slug: 'staging', name: 'Staging' });
  const production = await makeEnvironment(db, {
    slug: 'production',
    name: 'Production',
    policy: { checks: 'success' },
  });
  const backend = await makeComponent(db, { name: 'Backend' });
  const report = { ok: true, account: 'bot', scopes: [], problems: [] as string[], expiresAt: null as string | null };
  const good = { providerId, report, checkedAt: hours(-1), sealedWebhookSecret: 'v1.sealed' };
  const healthy = await makeConnection(db, { ...good, name: 'A healthy one' });
  await makeTarget(db, { component: backend, environment: staging, connection: healthy });
  await deliver(healthy.id, 'processed');

  const soon = {
    ...report,
    expiresAt: hours(49).toISOString(),
    problems: ['It lacks “checks: read”.'],
    scopes: ['gist'],
  };
  const sick = await makeConnection(db, { ...good, name: 'B sick one', report: soon, sealedWebhookSecret: null });
  const target = await makeTarget(db, {
    component: backend,
    environment: production,
    connection: sick,
    config: { old: 1 },
  });
  const why = { failureCode: 'workflow_unreadable', failureSentence: 'Its file cannot be read.', remoteId: null };
  await makeDeployment(db, target, 'errored', why);
  await db.insert(sightings).values({ targetId: target.id, troubleCount: 3, troubleSentence: 'It does not answer.' });
  await db.insert(configurationReadings).values({
    targetId: target.id,
    missing: [
      { kind: 'secret', name: 'API_KEY', because: 'KEY does not do instead: another one goes there.' },
      { kind: 'variable', name: 'ECS_SERVICE', shared: true },
    ],
  });
  await db.insert(quotas).values({
    connectionId: sick.id,
    resource: 'core',
    limit: 5_000,
    remaining: 3,
    resetAt: hours(1),
    updatedAt: hours(0),
  });

  const strange = await makeConnection(db, { providerId: 'of-another-version', name: 'C strange one' });
  await db.insert(subscriptions).values({
    ...{ id: 'sub_1', name: 'Chat', kind: 'webhook', origin: 'https://hooks.example.com', sealedUrl: 'v1.sealed' },
    ...{ createdBy: 'usr_x', events: ['*'] },
  });
  const told = { subscriptionId: 'sub_1', eventId: 1, event: 'deployment.failed', body: {}, lastError: 'HTTP 500.' };
  await db.insert(notifications).values({ id: newId('ntf'), ...told, state: 'dead' });
  ids = { healthy: healthy.id, sick: sick.id, strange: strange.id };
});
afterAll(() => database.close());

async function deliver(connectionId: string, state: 'processed' | 'failed', event = 'ping'): Promise<string> {
  const id = newId('hook');
  const what = {
    providerId,
    deliveryId: id,
    event,
    bytes: 2,
    body: Buffer.from('{}'),
    tries: state === 'failed' ? 3 : 1,
  };
  await database.db.insert(inbox).values({ id, connectionId, ...what, state });
  return id;
}

/** A context in which asking a provider fails the test. */
function as(actor: Actor) {
  const openConnection = () => Promise.reject(new Error('A provider was asked.'));
  return testContext(database.db, { actor, openConnection });
}

async function codes(actor: Actor = admin): Promise<Record<string, string[]>> {
  const { connections: all } = await examine(as(actor));
  return Object.fromEntries(all.map(({ id, findings }) => [id, findings.map((each) => each.code)]));
}

describe('the doctor', () => {
  test('finds each planted fault and nothing on the healthy one, without asking a provider', async () => {
    const view = await examine(as(admin));
    expect(await codes()).toEqual({
      [ids.healthy]: [],
      [ids.sick]: [
        ...[
          'permission_missing',
          'target_settings',
          'target_refused',
          'settings_missing',
          'settings_shared',
          'credential_lacks',
          'credential_expires',
          'permission_missing',
          'target_unseen',
        ],
        ...['quota_low', 'webhook_secret_missing', 'permission_missing'],
      ],
      [ids.strange]: ['provider_unknown'],
    });
    expect(view.counts).toEqual({ broken: 7, warning: 6, note: 1 });
    const found = view.connections.flatMap(({ findings }) => findings);
    expect(found.find(({ code }) => code === 'settings_missing')).toMatchObject({
      sentence: expect.stringMatching(
        /^Backend in Production is deployed with the secret API_KEY, and .* in none of its places\. KEY does not do instead: another one goes there\.$/,
      ),
      mend: { kind: 'link', to: '/environments/production/configuration' },
    });
    expect(view.subscriptions).toMatchObject([{ code: 'subscription_failing', severity: 'broken' }]);
    const first = view.connections[0];
    expect(first).toMatchObject({ account: 'bot', uses: 1, webhook: { configured: true, lastFailedAt: null } });
    expect(first?.webhook.lastReceivedAt).toMatch(/^\d{4}-/);
  });

  test('names no environment that the reader may not see, and no subscription', async () => {
    const view = await examine(as(viewer));
    expect((await codes(viewer))[ids.sick]).toEqual([
      'credential_lacks',
      'credential_expires',
      'quota_low',
      'webhook_secret_missing',
      'permission_missing',
    ]);
    expect(JSON.stringify(view)).not.toContain('Production');
    expect(view.subscriptions).toBeNull();
    await expect(examine(as(personActor([])))).rejects.toMatchObject({ kind: 'forbidden' });
  });

  test('what was mended is not found any more', async () => {
    const { db } = database;
    const change = { sealedCredential: null, report: null } as const;
    await db.update(connections).set(change).where(eq(connections.id, ids.healthy));
    expect((await codes())[ids.healthy]).toEqual(['credential_missing']);
    const mended = { ok: true, account: 'bot', scopes: [], problems: [], expiresAt: null };
    await db
      .update(connections)
      .set({ sealedCredential: 'v1.sealed', report: mended })
      .where(eq(connections.id, ids.healthy));
    expect((await codes())[ids.healthy]).toEqual([]);
  });

  test('a token that is refused, a permission that is missing, an end that is near and a silent webhook, by what is stored', async () => {
    const { db } = database;
    const createdAt = hours(-48);
    const report = { ok: true, account: 'bot', scopes: [], problems: [] as string[], expiresAt: null as string | null };
    const stored = { providerId, report, createdAt, checkedAt: hours(-1), sealedWebhookSecret: 'v1.sealed' };
    const refused = { ...report, ok: false, problems: ['It was revoked.'] };
    const lacking = { ...report, problems: ['It lacks “actions: write”.'] };
    const bad = await makeConnection(db, { ...stored, name: 'D bad token', state: 'failing', report: refused });
    const short = await makeConnection(db, { ...stored, name: 'E scope missing', report: lacking });
    const ending = { ...report, expiresAt: hours(30).toISOString() };
    const soon = await makeConnection(db, { ...stored, name: 'F ends soon', report: ending });
    const silent = await makeConnection(db, { ...stored, name: 'G silent' });
    const config = { repository: 'acme/app', workflow: 'deploy.yml', defaultRef: 'main' };
    const target = await makeTarget(db, { connection: silent, config });
    await makeDeployment(db, target, 'succeeded', { submittedAt: hours(-1) });
    const found = await codes();
    expect([bad, short, soon, silent].map(({ id }) => found[id])).toEqual([
      ['credential_refused'],
      ['credential_lacks'],
      ['credential_expires'],
      ['webhook_silent'],
    ]);
    await deliver(silent.id, 'processed');
    expect((await codes())[silent.id], 'one that came ends it').toEqual([]);
  });
});

test('what the plan of a host refused a deployment for is told as that', async () => {
  const { db } = database;
  const report = { ok: true, account: 'bot', scopes: [], problems: [], expiresAt: null };
  const stored = { providerId, report, checkedAt: hours(-1), sealedWebhookSecret: 'v1.sealed', name: 'H small plan' };
  const small = await makeConnection(db, stored);
  const config = { repository: 'acme/app', workflow: 'deploy.yml', defaultRef: 'main' };
  const target = await makeTarget(db, { connection: small, config });
  const why = { failureCode: 'plan_limit', failureSentence: 'The plan does not allow this.', remoteId: null };
  await makeDeployment(db, target, 'errored', why);
  expect((await codes())[small.id]).toEqual(['plan_lacks']);
});

describe('replaying a delivery that was set aside', () => {
  const stateOf = async (id: string) => (await database.db.select().from(inbox).where(eq(inbox.id, id)))[0];

  test('is offered, processes it once more, is audited, and again has no second effect', async () => {
    const id = await deliver(ids.healthy, 'failed');
    const { connections: all } = await examine(as(admin));
    const mend = all.find((each) => each.id === ids.healthy)?.findings[0]?.mend;
    expect(mend).toMatchObject({ kind: 'replay', to: id });

    const ctx = as(admin);
    const answers = await Promise.allSettled([1, 2].map(() => replayDelivery(ctx, { deliveryId: id })));
    expect(answers.map((each) => each.status).sort(), 'two clicks, one replay').toEqual(['fulfilled', 'rejected']);
    expect(ctx.woken).toEqual([id]);
    expect((await codes())[ids.healthy]).toEqual([]);

    await processDeliveries(ctx, [id]);
    await processDeliveries(ctx, [id]);
    expect(await stateOf(id)).toMatchObject({ state: 'ignored', tries: 1 });
    await expect(replayDelivery(ctx, { deliveryId: id })).rejects.toMatchObject({ code: 'already_processed' });
    const lines = await database.db.select().from(audit).where(sql`${audit.action} = 'connection.replay-delivery'`);
    expect(lines).toMatchObject([{ outcome: 'done', resourceId: ids.healthy }]);
  });

  test('is refused for what cannot be read, is not there, or by who may not', async () => {
    const junk = await deliver(ids.healthy, 'failed', 'unreadable');
    await expect(replayDelivery(as(admin), { deliveryId: junk })).rejects.toMatchObject({
      code: 'delivery_unreadable',
    });
    expect(await stateOf(junk)).toMatchObject({ state: 'failed', tries: 3 });
    await expect(replayDelivery(as(admin), { deliveryId: 'hook_0' })).rejects.toMatchObject({ kind: 'notFound' });
    await expect(replayDelivery(as(viewer), { deliveryId: junk })).rejects.toMatchObject({ kind: 'forbidden' });
  });
});
