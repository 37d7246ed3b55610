import { randomBytes } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Actor } from '@/lib/auth/actor';
import type { ServiceContext } from '@/lib/auth/context';
import type { Database } from '@/lib/db/client';
import { audit, connections, events, personalCredentials } from '@/lib/db/schema';
import { openTestDatabase, personActor, testContext } from '@/lib/db/testing/context';
import { makeConnection, makeEnvironment, makeTarget, makeUser } from '@/lib/db/testing/factories';
import { createHttpMemory } from '@/lib/http/memory';
import { systemClock } from '@/lib/kernel/clock';
import { disableMember } from '@/lib/members/server';
import {
  checkOwnToken,
  createKeyRing,
  listOwnTokens,
  openOwn,
  removeOwnToken,
  rewrapSecrets,
  storeOwnToken,
  updateConnection,
} from '.';

const CANARY = `gh${'p_'}${'Zx9c'.repeat(9)}`;
const old = createKeyRing(randomBytes(32));
const settings = { keys: old, allowLoopbackHttp: true };
const everywhere = [{ role: 'approver' as const, environmentPattern: '*' }];

let database: Database;
let connectionId: string;
let ada: ServiceContext;
let bo: ServiceContext;
let admin: ServiceContext;
let vendor: { status: number; login: string; asked: number; meanwhile: null | (() => Promise<unknown>) };

beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  const { db } = database;
  vendor = { status: 200, login: 'ada-at-vendor', asked: 0, meanwhile: null };
  const connection = await makeConnection(db, { providerId: 'github', origin: 'https://api.github.com' });
  connectionId = connection.id;
  await makeTarget(db, { connection, environment: await makeEnvironment(db) });
  ada = await person('Ada');
  bo = await person('Bo');
  admin = context({ ...personActor([{ role: 'admin', environmentPattern: '*' }]) });
});

const fetch: typeof globalThis.fetch = async () => {
  vendor.asked++;
  const { status } = vendor;
  await vendor.meanwhile?.();
  const body = status === 200 ? { login: vendor.login } : { message: 'Bad credentials' };
  return Response.json(body, { status, headers: { 'x-oauth-scopes': 'repo' } });
};

function context(actor: Actor, keys = old): ServiceContext {
  const deps = { db: database.db, clock: systemClock, fetch, keys, memory: createHttpMemory() };
  return {
    ...testContext(database.db, { actor }),
    openOwn: (id, entered) => openOwn(deps, actor, id, entered),
  };
}

async function person(name: string, grants = everywhere) {
  const { id } = await makeUser(database.db, { name, grants });
  return context({ kind: 'user', id, name, grants: [...grants], sessionHash: 'hash', ip: null });
}

const SHOWN = 'https://api.github.com';
const store = (ctx: ServiceContext, token = CANARY) =>
  storeOwnToken(ctx, { connectionId, origin: SHOWN, token }, settings);
const mine = async (ctx: ServiceContext) =>
  (await listOwnTokens(ctx)).find(({ connection }) => connection.id === connectionId)?.stored ?? null;
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'none',
    ({ code }: { code: string }) => code,
  );

describe('a person’s own token', () => {
  test('is stored with whose it is, opens for that person alone, and stands nowhere in the clear', async () => {
    expect(await store(ada)).toEqual({ login: 'ada-at-vendor', last4: 'Zx9c' });
    const opened = await ada.openOwn?.(connectionId);
    expect(opened?.context).toMatchObject({ origin: 'https://api.github.com', credential: { kind: 'token' } });
    expect(await refusal(bo.openOwn?.(connectionId) ?? Promise.resolve())).toBe('own_token_missing');
    expect(await mine(bo)).toBeNull();
    expect(await mine(admin), 'nor do administrators see it').toBeNull();
    const { db } = database;
    const tables = await Promise.all([personalCredentials, audit, events].map((table) => db.select().from(table)));
    expect(JSON.stringify([tables, await mine(ada), opened])).not.toContain(CANARY);
    expect(await mine(ada)).toMatchObject({ login: 'ada-at-vendor', last4: 'Zx9c', problem: null });
  });

  test('in another person’s row, or at another address, does not open', async () => {
    await store(ada);
    await store(bo);
    const { db } = database;
    const rows = await db.select().from(personalCredentials);
    const [one, two] = [ada, bo].map(({ actor }) =>
      rows.find((row) => actor.kind === 'user' && row.userId === actor.id),
    );
    if (!one || !two) return expect.fail('both are stored');
    await db.execute(
      `update personal_credentials set sealed_credential = '${one.sealedCredential}' where user_id = '${two.userId}'`,
    );
    expect(await refusal(bo.openOwn?.(connectionId) ?? Promise.resolve())).toBe('credential_unreadable');
    await db.update(connections).set({ origin: 'https://evil.example' });
    expect(await refusal(ada.openOwn?.(connectionId) ?? Promise.resolve())).toBe('credential_unreadable');
    expect(await refusal(openOwn({ db, clock: systemClock }, { kind: 'system', name: 'x' }, connectionId))).toBe(
      'own_token_person_only',
    );
  });

  test('that the provider does not take is not stored; one that it takes no more is marked', async () => {
    vendor.status = 401;
    expect(await refusal(store(ada))).toBe('own_token_refused');
    expect(await mine(ada)).toBeNull();
    vendor.status = 200;
    await store(ada);
    vendor.status = 401;
    expect(await checkOwnToken(ada, { connectionId })).toMatchObject({ accepted: false });
    expect((await mine(ada))?.problem).toMatch(/refused at the last try/);
  });

  test('goes to the address that the person was shown, and to none that the connection was moved to meanwhile', async () => {
    const { db } = database;
    const moved = 'https://ghe.example.com';
    const move = (origin: string) => db.update(connections).set({ origin }).where(eq(connections.id, connectionId));
    await move(moved);
    expect(await refusal(store(ada)), 'before the press').toBe('changed_meanwhile');
    await move(SHOWN);
    const open = ada.openOwn;
    ada.openOwn = async (...args) => {
      await move(moved);
      return (await open?.(...args)) ?? expect.fail('nothing opens');
    };
    expect(await refusal(store(ada)), 'between look and request').toBe('changed_meanwhile');
    expect(vendor.asked, 'nothing was sent there').toBe(0);
    await move(SHOWN);
    ada.openOwn = async (...args) => (await open?.(...args)) ?? expect.fail('nothing opens');
    vendor.meanwhile = () => move(moved);
    expect(await refusal(store(ada)), 'between answer and storing').toBe('changed_meanwhile');
    expect(await mine(ada)).toBeNull();
  });

  test('that was entered while the former one was checked is not blamed for it', async () => {
    await store(ada);
    vendor.status = 401;
    vendor.meanwhile = async () => {
      Object.assign(vendor, { status: 200, meanwhile: null });
      await store(ada, `${CANARY}2`);
      vendor.status = 401;
    };
    expect(await refusal(checkOwnToken(ada, { connectionId }))).toBe('changed_meanwhile');
    expect(await mine(ada)).toMatchObject({ last4: 'x9c2', problem: null });
  });

  test('is for connections that one can see something of', async () => {
    const stranger = await person('Vi', [{ role: 'approver', environmentPattern: 'elsewhere' }]);
    expect(await refusal(store(stranger))).toBe('own_token_not_needed');
    expect(vendor.asked, 'nothing was sent').toBe(0);
    expect(await listOwnTokens(stranger)).toEqual([]);
  });

  test('goes with the person, with the address, with the connection, and when they say so', async () => {
    await store(ada);
    await removeOwnToken(ada, { connectionId });
    expect(await mine(ada)).toBeNull();
    await store(ada);
    if (ada.actor.kind === 'user') {
      await makeUser(database.db, { grants: [{ role: 'admin', environmentPattern: '*' }] });
      await disableMember(admin, { userId: ada.actor.id });
    }
    expect(await mine(ada)).toBeNull();
    expect(await refusal(store(ada)), 'and cannot come back').toBe('disabled');
    await store(bo);
    const elsewhere = { id: connectionId, version: 1, name: 'Elsewhere', origin: 'https://ghe.example.com' };
    await updateConnection(admin, elsewhere, settings);
    expect(await mine(bo)).toBeNull();
    const actions = (await database.db.select().from(audit)).map(({ action }) => action);
    expect(actions).toEqual(expect.arrayContaining(['own-token.store', 'own-token.remove', 'member.disable']));
  });

  test('moves to a new key with all the others', async () => {
    await store(ada);
    const rotated = { ...createKeyRing(randomBytes(32)), previous: old.current };
    const { moved } = await rewrapSecrets(database.db, rotated);
    expect(moved).toBeGreaterThan(0);
    const later = context(ada.actor, { current: rotated.current, previous: null });
    expect((await later.openOwn?.(connectionId))?.context.credential.kind).toBe('token');
  });
});
