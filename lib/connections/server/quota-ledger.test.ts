import { randomBytes } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '@/lib/db/client';
import { connections, quotas, quotaUsage } from '@/lib/db/schema';
import { openTestDatabase, personActor, testContext } from '@/lib/db/testing/context';
import { makeUser } from '@/lib/db/testing/factories';
import { createHttpMemory } from '@/lib/http/memory';
import { DETAIL_HEADER } from '@/lib/http/quota';
import { providers } from '@/lib/providers/registry.generated';
import { type Client, clientOf } from '@/lib/sandbox/testing/client';
import { sandboxFetch } from '@/lib/sandbox/transport';
import type { Consumer } from '../model/consumer';
import { createConnection, createKeyRing, openConnection, readQuota, setBudget } from '.';
import { pruneUsage, UsageMeter } from './usage';

const providerId = Object.values(providers).find(({ methods }) => methods.workflows)?.manifest.id ?? '';
const settings = { keys: createKeyRing(randomBytes(32)), allowLoopbackHttp: true };
const admin = personActor([{ role: 'admin', environmentPattern: '*' }]);

let database: Database;
let id: string;
beforeEach(async () => {
  database = await openTestDatabase();
  const credential = { kind: 'token', token: 'sandbox-token' } as const;
  ({ id } = await createConnection(
    testContext(database.db, { actor: admin }),
    { name: 'Main', providerId, credential },
    settings,
  ));
});
afterEach(() => database.close());

/** A process: what it remembers and counts is its own, and its clock may be wrong. */
function startProcess(fetch: typeof globalThis.fetch, skewMs = 0) {
  const usage = new UsageMeter();
  const deps = {
    db: database.db,
    clock: { now: () => Date.now() + skewMs },
    keys: settings.keys,
    fetch,
    usage,
    memory: createHttpMemory(),
  };
  const ask = async (consumer: Consumer, init: RequestInit = {}, manner?: 'look') => {
    const { context } = await openConnection(deps, id, consumer, manner);
    return context.fetch(`${context.origin}/user`, {
      ...init,
      headers: { authorization: 'token sandbox-token', ...init.headers },
    });
  };
  return { ask, usage };
}

const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'answered',
    (error: { code?: string }) => error.code,
  );

describe('a pause that the provider asked for', () => {
  let client: Client;
  beforeEach(async () => {
    client = await clientOf({ scenario: 'secondary-limited', pace: 1 });
  });
  afterEach(() => client.sandbox.close());

  const received = async () => ((await client.control('requests')).requests as unknown[]).length;

  test('nothing is sent before it ends: not by this process, another one, a restarted one or one with a wrong clock', async () => {
    const fetch = sandboxFetch(client.sandbox.url);
    const first = startProcess(fetch);
    const running = startProcess(fetch);
    const opened = await openConnection(
      { db: database.db, clock: { now: Date.now }, keys: settings.keys, fetch, memory: createHttpMemory() },
      id,
    );
    expect((await first.ask('engine')).status).toBe(403);
    const sent = await received();

    const processes = [
      first,
      running,
      startProcess(fetch),
      startProcess(fetch, 3_600_000),
      startProcess(fetch, -3_600_000),
    ];
    const consumers = ['engine', 'watch', 'reconcile', 'person:usr_1', 'token:tok_1'] as const;
    const tries = processes.flatMap(({ ask }) =>
      consumers.flatMap((consumer) => [refusal(ask(consumer)), refusal(ask(consumer, { method: 'POST', body: '{}' }))]),
    );
    // Opened before the pause: what it was told then is not what counts.
    tries.push(refusal(opened.context.fetch(`${opened.context.origin}/user`)));
    expect(new Set(await Promise.all(tries))).toEqual(new Set(['rate_limited']));
    expect(await received()).toBe(sent);

    await client.control('scenario', { name: 'happy' });
    await database.db.update(quotas).set({ blockedUntil: sql`now() - interval '1 second'` });
    expect((await startProcess(fetch).ask('engine')).status).toBe(200);
    expect(await received()).toBe(sent + 1);
  });

  test('an answer that was under way longer does not shorten it', async () => {
    const pause = (seconds: number) => new Response('{}', { status: 429, headers: { 'retry-after': String(seconds) } });
    const answerNow = Promise.withResolvers<void>();
    const sent = Promise.withResolvers<void>();
    const slow = startProcess(async () => {
      sent.resolve();
      await answerNow.promise;
      return pause(5);
    }).ask('engine');
    await sent.promise;
    await startProcess(async () => pause(600)).ask('engine');
    answerNow.resolve();
    await slow;
    const [row] = await database.db
      .select({ left: sql<number>`extract(epoch from blocked_until - now())::int` })
      .from(quotas);
    expect(row?.left).toBeGreaterThan(500);
  });
});

describe('the budget', () => {
  const headers = { 'x-ratelimit-limit': '100', 'x-ratelimit-remaining': '90', 'x-ratelimit-reset': '4102444800' };
  const limited = async () => new Response('{}', { headers: { ...headers, etag: `"${Math.random()}"` } });

  /** Both hours, so that the clock may strike in the middle of the test. */
  async function used(charged: number, consumer: Consumer = 'watch') {
    const hours = [sql`date_trunc('hour', now(), 'UTC')`, sql`date_trunc('hour', now() + interval '1 hour', 'UTC')`];
    for (const hour of hours) {
      await database.db
        .insert(quotaUsage)
        .values({ connectionId: id, hour, consumer, charged } as unknown as typeof quotaUsage.$inferInsert);
    }
  }

  test('looks nobody waits for stop when the share is used; clicks, dispatches and cancels go on', async () => {
    const { ask } = startProcess(limited);
    await ask('engine');
    await expect.poll(() => database.db.select().from(quotas)).toHaveLength(1);
    expect(await refusal(ask('watch'))).toBe('answered');
    await used(20);
    const outcomes: Record<string, unknown> = {};
    for (const consumer of ['watch', 'reconcile', 'engine', 'person:usr_1', 'token:tok_1'] as const) {
      outcomes[consumer] = await refusal(ask(consumer));
    }
    expect(outcomes).toEqual({
      watch: 'budget_used',
      reconcile: 'budget_used',
      engine: 'answered',
      'person:usr_1': 'answered',
      'token:tok_1': 'answered',
    });
    expect(await refusal(ask('watch', { method: 'POST', body: '{}' }))).toBe('answered');
    await database.db.update(connections).set({ budgetPercent: 100 }).where(eq(connections.id, id));
    expect(await refusal(ask('watch'))).toBe('answered');
    await used(40, 'reconcile');
    expect(await refusal(ask('survey')), 'past half of it').toBe('budget_used');
  });

  test('what one process has counted and not yet written down counts in it already', async () => {
    const { ask, usage } = startProcess(limited);
    await ask('engine');
    await expect.poll(() => database.db.select().from(quotas)).toHaveLength(1);
    await used(18);
    for (let i = 0; i < 2; i++) usage.count(id, 'engine', 'charged');
    expect(await refusal(ask('watch'))).toBe('budget_used');
  });

  test('people do not use up what the console may do by itself', async () => {
    const { ask } = startProcess(limited);
    await ask('person:usr_1');
    await expect.poll(() => database.db.select().from(quotas)).toHaveLength(1);
    await used(90, 'person:usr_1');
    expect(await refusal(ask('watch'))).toBe('answered');
  });

  test('a detail is answered as it was last seen, and the mark never leaves', async () => {
    const sent: Request[] = [];
    const { ask } = startProcess(async (input) => {
      sent.push(new Request(input));
      return limited();
    });
    const detail = { headers: { [DETAIL_HEADER]: '1' } };
    await ask('watch', detail);
    await expect.poll(() => database.db.select().from(quotas)).toHaveLength(1);
    await used(20);
    expect((await ask('watch', detail)).status).toBe(200);
    expect(sent).toHaveLength(1);
    expect(sent[0]?.headers.has(DETAIL_HEADER)).toBe(false);
  });
});

describe('what is left for deployments', () => {
  const answers =
    (remaining: number, resetAt = Date.now() + 1_800_000) =>
    async () =>
      new Response('{}', {
        headers: {
          'x-ratelimit-limit': '1000',
          'x-ratelimit-remaining': String(remaining),
          'x-ratelimit-reset': String(Math.ceil(resetAt / 1000)),
        },
      });

  async function known(remaining: number, resetAt?: number) {
    const world = startProcess(answers(remaining, resetAt));
    await world.ask('engine');
    await expect.poll(() => database.db.select().from(quotas)).toHaveLength(1);
    return world;
  }

  test('what people and tokens only want to see gives way below a fifth; sends, watching and clicks do not', async () => {
    const { ask } = await known(199);
    for (const reader of ['person:usr_1', 'token:tok_1'] as const) {
      await expect(ask(reader, {}, 'look')).rejects.toThrow('kept for deployments');
      expect(await refusal(ask(reader))).toBe('answered');
      expect(await refusal(ask(reader, { method: 'POST', body: '{}' }, 'look'))).toBe('answered');
    }
    for (const own of ['engine', 'watch'] as const) expect(await refusal(ask(own, {}, 'look'))).toBe('answered');
  });

  test('nothing gives way while a fifth is left, or when the window that was short has ended', async () => {
    const { ask } = await known(200);
    expect(await refusal(ask('person:usr_1', {}, 'look'))).toBe('answered');
    await database.db.update(quotas).set({ remaining: 1, resetAt: sql`now() - interval '1 second'` });
    expect(await refusal(ask('person:usr_1', {}, 'look'))).toBe('answered');
  });

  test('one person reads a quarter of an hour’s limit at most; the others are not held up', async () => {
    const { ask, usage } = await known(900);
    for (let i = 0; i < 250; i++) usage.count(id, 'person:usr_1', 'charged');
    expect(await refusal(ask('person:usr_1', {}, 'look'))).toBe('share_used');
    expect(await refusal(ask('person:usr_1'))).toBe('answered');
    expect(await refusal(ask('person:usr_2', {}, 'look'))).toBe('answered');
    await usage.flush(database.db);
    expect(await refusal(startProcess(answers(900)).ask('person:usr_1', {}, 'look'))).toBe('share_used');
  });
});

describe('who used how much', () => {
  test('is written down in batches and adds up over processes', async () => {
    const meters = [new UsageMeter(), new UsageMeter()];
    for (const meter of meters) {
      meter.count(id, 'watch', 'free');
      meter.count(id, 'watch', 'free');
      meter.count(id, 'watch', 'charged');
      meter.count(id, 'person:usr_1', 'held');
      meter.count('con_gone', 'watch', 'charged');
      await meter.flush(database.db);
      await meter.flush(database.db);
    }
    const rows = await database.db.select().from(quotaUsage);
    const sum = (consumer: string, what: 'charged' | 'free' | 'held') =>
      rows.filter((row) => row.consumer === consumer).reduce((total, row) => total + row[what], 0);
    expect([sum('watch', 'free'), sum('watch', 'charged'), sum('person:usr_1', 'held')]).toEqual([4, 2, 2]);
    expect(new Set(rows.map((row) => row.connectionId))).toEqual(new Set([id]));
  });

  test('is kept when it cannot be written down', async () => {
    const meter = new UsageMeter();
    meter.count(id, 'engine', 'charged');
    const broken = { execute: () => Promise.reject(new Error('down')) } as unknown as Database['db'];
    await expect(meter.flush(broken)).rejects.toThrow('down');
    meter.count(id, 'engine', 'charged');
    await meter.flush(database.db);
    expect((await database.db.select().from(quotaUsage)).map((row) => row.charged)).toEqual([2]);
  });

  test('is shown by consumer and by hour, with names, and the budget can be changed by those who may', async () => {
    const person = await makeUser(database.db, { name: 'Grace' });
    const meter = new UsageMeter();
    for (let i = 0; i < 7; i++) meter.count(id, 'watch', i < 2 ? 'charged' : 'free');
    meter.count(id, `person:${person.id}`, 'charged');
    await meter.flush(database.db);
    const figures = { limit: 5_000, remaining: 4_900, resetAt: new Date(), updatedAt: new Date() };
    await database.db.insert(quotas).values({ connectionId: id, resource: 'core', ...figures });
    const viewer = testContext(database.db, {
      actor: personActor([{ role: 'viewer', environmentPattern: 'staging' }]),
    });
    await expect(setBudget(viewer, { id, percent: 50 })).rejects.toMatchObject({ code: 'forbidden' });
    await setBudget(testContext(database.db, { actor: admin }), { id, percent: 30 });
    const shown = await readQuota(viewer, { id });
    expect(shown).toMatchObject({ budget: { percent: 30, share: 1_500 }, blockedUntil: null });
    expect(shown.hours).toHaveLength(24);
    expect(shown.hours.reduce((sum, each) => sum + each.charged, 0)).toBe(3);
    expect(shown.consumers).toMatchObject([
      { consumer: 'watch', name: null, waits: true, day: { charged: 2, free: 5, held: 0 } },
      { consumer: `person:${person.id}`, name: 'Grace', waits: false, day: { charged: 1 } },
    ]);
    expect(JSON.stringify(shown)).not.toContain('sandbox-token');
  });

  test('is forgotten after eight days', async () => {
    const hour = sql`now() - interval '9 days'` as unknown as Date;
    await database.db.insert(quotaUsage).values({ connectionId: id, hour, consumer: 'engine', charged: 1 });
    expect(await pruneUsage(database.db)).toBe(1);
  });
});
