import { and, eq, sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { apiTokens, grants, idempotencyKeys, pins, quotaUsage, rateLimits } from '@/lib/db/schema';
import { newId } from '@/lib/kernel/ids';
import { begin, claimOf, type Held, keep, release } from './idempotency';
import { type ApiWorld, apiWorld, stubServerEnv } from './testing/api-world';

let world: ApiWorld;
beforeAll(async () => {
  world = await apiWorld();
  stubServerEnv(world);
});
afterEach(async () => {
  await world.database.db.delete(rateLimits);
  await world.database.db.delete(pins);
});
afterAll(() => world.close());

let keys = 0;
const newKey = () => `change-key-${++keys}`;
const deployBody = () => ({
  targetId: 'tgt_staging',
  revision: { ref: 'main', refKind: 'branch', sha: world.vendor.head },
  inputs: { level: 'info' },
});
const codeOf = async (response: Response) => ((await response.json()) as { code?: string }).code;

/** The token's owner has these roles from now on. */
async function nowHas(token: string, role: 'viewer' | 'operator', environmentPattern: string): Promise<void> {
  const { db } = world.database;
  const [row] = await db
    .select()
    .from(apiTokens)
    .where(eq(apiTokens.last4, token.slice(-4)));
  if (!row) throw new Error('There is no such token.');
  await db.delete(grants).where(eq(grants.userId, row.userId));
  await db.insert(grants).values({ id: newId('gra'), userId: row.userId, role, environmentPattern });
}

describe('one of several tokens', () => {
  test('is named to its owner only; to others it is a token', async () => {
    const { db } = world.database;
    const mine = await world.token();
    const theirs = await world.token();
    const idOf = async (token: string) =>
      (
        await db
          .select()
          .from(apiTokens)
          .where(eq(apiTokens.last4, token.slice(-4)))
      )[0]?.id ?? '';
    await db
      .update(apiTokens)
      .set({ name: 'secret plan' })
      .where(eq(apiTokens.id, await idOf(theirs)));
    for (const token of [mine, theirs])
      await db.insert(quotaUsage).values({
        ...{ connectionId: 'con_1', hour: sql`date_trunc('hour', now(), 'UTC')`, charged: 1 },
        consumer: `token:${await idOf(token)}`,
      });
    const seen = await (await world.call('GET /connections/con_1/quota', { token: mine })).text();
    expect(seen).toContain('"name":"test"');
    expect(seen).not.toContain('secret plan');
    expect(await (await world.call('GET /connections/con_1/quota', { token: theirs })).text()).toContain('secret plan');
  });

  test('is told from the others in the audit log by its id', async () => {
    const token = await world.token();
    await world.call('POST /locks', { token, body: { reason: 'by this very token' } });
    const me = (await (await world.call('GET /me', { token })).json()) as { token: { id: string } };
    const lines = (await world.audits('lock.create')).filter((line) => line.sentence.includes('by this very token'));
    expect(lines).toMatchObject([{ actorKind: 'token', data: { via: me.token.id } }]);
  });
});

describe('a token that got out', () => {
  test.each([
    ['POST /members', { login: 'mallory', name: 'Mallory', grants: [{ role: 'admin', environmentPattern: '*' }] }, 405],
    ['POST /members/usr_1/link', {}, 404],
    ['PUT /members/usr_1/grants', { grants: [{ role: 'admin', environmentPattern: '*' }] }, 404],
    ['POST /members/usr_1/disable', {}, 404],
    ['POST /members/usr_1/end-sessions', {}, 404],
    ['POST /connections', {}, 405],
    ['PUT /connections/con_1', {}, 405],
    ['PUT /connections/con_1/credential', {}, 404],
    ['POST /connections/con_1/webhook-secret', {}, 404],
    ['POST /connections/con_1/remove', {}, 404],
  ])('changes neither whom the console trusts nor whom the provider trusts: no %s', async (where, body, status) => {
    const token = await world.token();
    expect((await world.call(where, { token, body })).status).toBe(status);
  });
});

describe('a repeat with the same Idempotency-Key', () => {
  test('needs the permission of this moment, on the very thing, before anything is answered from memory', async () => {
    const token = await world.token();
    const key = newKey();
    const once = () => world.call('POST /deployments', { token, body: deployBody(), key });
    expect((await once()).status).toBe(201);
    expect((await once()).headers.get('idempotency-replayed')).toBe('true');
    for (const [role, where] of [
      ['operator', 'production'],
      ['viewer', '*'],
    ] as const) {
      await nowHas(token, role, where);
      const refused = await once();
      expect(refused.status).toBe(403);
      expect(refused.headers.get('idempotency-replayed')).toBeNull();
      expect(await refused.text()).not.toContain('dep_');
    }
  });

  test('is not answered from memory after other roles, where only the verb knows which thing it is about', async () => {
    const token = await world.token();
    const key = newKey();
    const once = () => world.call('POST /locks', { token, body: { reason: 'everything' }, key });
    expect((await once()).status).toBe(201);
    expect((await once()).status).toBe(201);
    await nowHas(token, 'operator', 'staging');
    const refused = await once();
    expect(refused.status).toBe(409);
    expect(await codeOf(refused)).toBe('roles_changed');
    expect(await world.database.db.$count(pins)).toBe(1);
  });

  test('a slow process neither settles nor releases a claim that another has taken over', async () => {
    const { db } = world.database;
    const request = { method: 'POST', path: '/x', body: '' };
    const claim = claimOf({ id: 'tok_slow', grants: [], scopes: [] }, newKey(), request, false);
    const row = and(eq(idempotencyKeys.actorId, claim.actorId), eq(idempotencyKeys.key, claim.key));
    const slow = (await begin(db, claim)) as Held;
    await db.update(idempotencyKeys).set({ createdAt: sql`created_at - interval '61 seconds'` }).where(row);
    const second = (await begin(db, claim)) as Held;
    await release(db, slow);
    await keep(db, slow, { status: 200, body: 'of the slow one' });
    expect(await db.$count(idempotencyKeys, row)).toBe(1);
    await expect(begin(db, claim)).rejects.toMatchObject({ code: 'idempotency_key_in_use', retryAfter: 5 });
    const left = 'idempotency_key_in_use';
    // Half a second past 40, as it is asked: what goes by between the two is not counted.
    await db.transaction(async (tx) => {
      await tx.update(idempotencyKeys).set({ createdAt: sql`now() - interval '40.5 seconds'` }).where(row);
      await expect(begin(tx as unknown as typeof db, claim)).rejects.toMatchObject({ code: left, retryAfter: 20 });
    });
    await keep(db, second, { status: 200, body: 'of the second' });
    await release(db, second);
    expect(await begin(db, claim)).toEqual({ status: 200, body: 'of the second' });
  });
});

describe('a change that takes longer than a claim lasts', () => {
  afterEach(() => void vi.useRealTimers());

  test('is not begun a second time beside itself, and gives its own answer', async () => {
    const { db, pool } = world.database;
    const token = await world.token();
    const key = newKey();
    const once = () => world.call('POST /locks', { token, body: { reason: 'everything' }, key });
    const row = eq(idempotencyKeys.key, key);
    const young = and(row, sql`${idempotencyKeys.createdAt} > now() - interval '30 seconds'`);
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const blocker = await pool.connect();
    await blocker.query('begin; lock table pins in exclusive mode');
    const slow = once();
    try {
      await vi.waitUntil(async () => (await db.$count(idempotencyKeys, row)) === 1, 10_000);
      await db.update(idempotencyKeys).set({ createdAt: sql`now() - interval '61 seconds'` }).where(row);
      vi.advanceTimersByTime(15_000);
      await vi.waitUntil(async () => (await db.$count(idempotencyKeys, young)) === 1, 10_000);
      expect(await codeOf(await once())).toBe('idempotency_key_in_use');
    } finally {
      await blocker.query('commit');
      blocker.release();
    }
    const first = await slow;
    expect(first.status).toBe(201);
    expect(vi.getTimerCount(), 'nothing is renewed any more').toBe(0);
    expect(await (await once()).json()).toEqual(await first.json());
    expect(await db.$count(pins)).toBe(1);
  });
});

describe('a request that cannot be read', () => {
  test.each([
    ['idempotency_key_required', { key: undefined }],
    ['idempotency_key_invalid', { key: 'short' }],
    ['content_type', { headers: { 'Content-Type': 'text/plain' } }],
    ['body_not_json', { body: '{"targetId":' }],
    ['body_too_large', { body: 'x'.repeat(300_000) }],
  ])('is written down under who sent it: %s', async (code, over) => {
    const token = await world.token();
    const answer = await world.call('POST /deployments', { token, body: deployBody(), key: newKey(), ...over });
    expect(await codeOf(answer)).toBe(code);
    const line = (await world.audits('deployment.request')).at(-1);
    expect(line).toMatchObject({ actorKind: 'token', outcome: 'refused', code });
  });

  test('is refused to whoever may not do it at all, before its body is read', async () => {
    const token = await world.token({ scopes: ['read'] });
    const answer = await world.call('POST /deployments', { token, body: 'x'.repeat(300_000) });
    expect(await codeOf(answer)).toBe('scope_missing');
  });

  test('counts: after so many a minute the next is told to wait', async () => {
    const token = await world.token();
    const codes: (string | undefined)[] = [];
    // The bucket fills again while a slow machine asks.
    while (codes.length < 500 && codes.at(-1) !== 'rate_limited')
      codes.push(await codeOf(await world.call('POST /locks', { token, body: '{' })));
    expect(new Set(codes.slice(0, 60))).toEqual(new Set(['body_not_json']));
    expect(codes.at(-1)).toBe('rate_limited');
  });

  test('a key that came with another request, one at work and one shown once are written down too', async () => {
    const { db } = world.database;
    const token = await world.token();
    const key = newKey();
    const lock = (reason: string) => world.call('POST /locks', { token, body: { reason }, key });
    await lock('first of them');
    expect(await codeOf(await lock('second of them'))).toBe('idempotency_key_reused');
    await db.update(idempotencyKeys).set({ status: null, body: null, createdAt: sql`now()` });
    expect(await codeOf(await lock('first of them'))).toBe('idempotency_key_in_use');
    const noted = (await world.audits('lock.create')).map((line) => line.code);
    expect(noted).toEqual(expect.arrayContaining(['idempotency_key_reused', 'idempotency_key_in_use']));
  });
});
