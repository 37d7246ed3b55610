import { randomBytes } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '@/lib/db/client';
import { quotas, quotaUsage } from '@/lib/db/schema';
import { openTestDatabase, personActor, testContext } from '@/lib/db/testing/context';
import { createHttpMemory } from '@/lib/http/memory';
import { type Consumer, TELLINGS_AN_HOUR, tellWait } from '../model/consumer';
import { createConnection, createKeyRing, openConnection } from '.';
import { UsageMeter } from './usage';

const settings = { keys: createKeyRing(randomBytes(32)), allowLoopbackHttp: true };
let database: Database;
let id: string;
beforeAll(async () => {
  database = await openTestDatabase();
  const ctx = testContext(database.db, { actor: personActor([{ role: 'admin', environmentPattern: '*' }]) });
  const credential = { kind: 'token', token: 'sandbox-token' } as const;
  ({ id } = await createConnection(ctx, { name: 'Main', providerId: 'github', credential }, settings));
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
