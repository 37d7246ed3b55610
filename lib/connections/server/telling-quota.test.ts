import { randomBytes } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '@/lib/db/client';
import { quotas, quotaUsage } from '@/lib/db/schema';
import { openTestDatabase, personActor, testContext } from '@/lib/db/testing/context';
import { createHttpMemory } from '@/lib/http/memory';
import { providers } from '@/lib/providers/registry.generated';
import { type Consumer, TELLINGS_AN_HOUR, tellWait } from '../model/consumer';
import { createConnection, createKeyRing, openConnection, readQuota } from '.';
import { UsageMeter } from './usage';

const settings = { keys: createKeyRing(randomBytes(32)), allowLoopbackHttp: true };
let database: Database;
let id: string;
const ctx = () => testContext(database.db, { actor: personActor([{ role: 'admin', environmentPattern: '*' }]) });
const connect = async (providerId: string) => {
  const credential = { kind: 'token', token: 'sandbox-token' } as const;
  return (await createConnection(ctx(), { name: providerId, providerId, credential }, settings)).id;
};
beforeAll(async () => {
  database = await openTestDatabase();
  id = await connect('github');
});
afterAll(() => database.close());

/** One write, by a process that remembers nothing. */
async function write(consumer: Consumer): Promise<string> {
  const deps = {
    ...{ db: database.db, clock: { now: Date.now }, keys: settings.keys, usage: new UsageMeter() },
    ...{ memory: createHttpMemory(), fetch: async () => new Response('{}') },
  };
  const { context } = await openConnection(deps, id, consumer);
  const sent = context.fetch(`${context.origin}/user`, { method: 'POST', body: '{}' });
  return sent.then(
    () => 'answered',
    ({ code }: { code: string }) => code,
  );
}

test('telling stops at its hour’s part and where a limit runs short, on every instance; deploying does not', async () => {
  expect(await write('announce')).toBe('answered');
  const hours = [sql`date_trunc('hour', now(), 'UTC')`, sql`date_trunc('hour', now() + interval '1 hour', 'UTC')`];
  for (const hour of hours)
    await database.db.execute(sql`
      insert into quota_usage (connection_id, hour, consumer, charged) values (${id}, ${hour}, 'announce', ${TELLINGS_AN_HOUR})`);
  expect([await write('announce'), await write('engine')]).toEqual(['telling_used', 'answered']);
  await database.db.delete(quotaUsage);
  const soon = sql`now() + interval '1 hour'` as unknown as Date;
  await database.db
    .insert(quotas)
    .values({ connectionId: id, resource: 'core', limit: 1000, remaining: 199, resetAt: soon, updatedAt: soon })
    .onConflictDoUpdate({
      target: [quotas.connectionId, quotas.resource],
      set: { limit: 1000, remaining: 199, resetAt: soon },
    });
  expect([await write('announce'), await write('engine')]).toEqual(['quota_reserved', 'answered']);
});

test('in any sixty minutes it stays under what GitHub takes from everybody together', () => {
  const about = { limit: 0, remaining: 0, resetMs: 0, largest: 0 };
  const sentAt: number[] = [];
  let mine = 0;
  // Two requests a second for two hours, from a quiet first half hour on.
  for (let ms = 1_800_000; ms < 7_200_000; ms += 500) {
    if (ms % 3_600_000 === 0) mine = 0;
    if (tellWait({ ...about, mine, elapsedMs: ms % 3_600_000 })) continue;
    mine++;
    sentAt.push(ms);
  }
  const most = Math.max(...sentAt.map((from) => sentAt.filter((at) => at >= from && at < from + 3_600_000).length));
  expect(most).toBeLessThan(400);
});

test('of a limit that counts for a minute an hour has sixty, for people and for what looks by itself', async () => {
  const byMinute = Object.values(providers).find(({ manifest }) => manifest.limitsFor === 'minute');
  const connectionId = await connect(byMinute?.manifest.id ?? expect.fail('none counts by the minute'));
  const later = sql`now() + interval '1 minute'` as unknown as Date;
  const told = { connectionId, resource: 'core', limit: 1000, remaining: 900, resetAt: later, updatedAt: later };
  await database.db.insert(quotas).values(told);
  const usage = new UsageMeter();
  const memory = createHttpMemory();
  const deps = { db: database.db, clock: { now: Date.now }, keys: settings.keys, usage, memory };
  const look = async (consumer: Consumer) => {
    const fetch = async () => new Response('{}');
    const { context } = await openConnection({ ...deps, fetch }, connectionId, consumer, 'look');
    return context.fetch(`${context.origin}/user`).then(
      () => 'answered',
      ({ code }: { code: string }) => code,
    );
  };
  const count = (consumer: Consumer, times: number) => {
    for (let i = 0; i < times; i++) usage.count(connectionId, consumer, 'charged');
  };
  for (const reader of ['person:usr_1', 'watch'] as const) count(reader, 300);
  expect([await look('person:usr_1'), await look('watch')]).toEqual(['answered', 'answered']);
  expect((await readQuota(ctx(), { id: connectionId })).budget.share).toBe(12_000);
  count('person:usr_1', 15_000);
  expect(await look('person:usr_1')).toBe('share_used');
});
