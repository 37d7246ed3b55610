import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Database } from '@/lib/db/client';
import { quotas } from '@/lib/db/schema';
import { openTestDatabase, personActor, testContext } from '@/lib/db/testing/context';
import { createHttpMemory } from '@/lib/http/memory';
import { providers } from '@/lib/providers/registry.generated';
import { onlyMeasures } from '../model/consumer';
import { createConnection, createKeyRing, openConnection, readQuota } from '.';
import { UsageMeter } from './usage';

const settings = { keys: createKeyRing(randomBytes(32)), allowLoopbackHttp: true };
const admin = personActor([{ role: 'admin', environmentPattern: '*' }]);
/** One that says how many seconds are left of the window, for each address. */
const measurer = Object.values(providers).find(({ manifest }) => onlyMeasures(manifest) && manifest.quota);
/** A verdict asks three questions each 15 s for half an hour, and an hour of patience is not more than twice that. */
const OF_A_VERDICT = 3 * 4 * 30;
const LIMIT = 1_600;

let database: Database;
let id: string;
beforeEach(async () => {
  database = await openTestDatabase();
  const credential = { kind: 'token', token: 'sandbox-token' } as const;
  const providerId = measurer?.manifest.id ?? expect.fail('nobody measures so');
  const ctx = testContext(database.db, { actor: admin });
  ({ id } = await createConnection(ctx, { name: 'Metrics', providerId, credential }, settings));
});
afterEach(() => database.close());

function asking() {
  let left = LIMIT;
  const fetch = async (input: RequestInfo | URL) => {
    const isQuery = new Request(input).url.includes('/query');
    if (isQuery) left -= 1;
    const told = isQuery ? { limit: LIMIT, period: 3600, remaining: left, reset: 2000 } : {};
    const headers = Object.entries(told).map(([name, value]) => [`x-ratelimit-${name}`, String(value)]);
    return new Response('{}', { headers: headers as [string, string][] });
  };
  const usage = new UsageMeter();
  const deps = {
    ...{ db: database.db, clock: { now: Date.now }, keys: settings.keys, fetch, usage },
    memory: createHttpMemory(),
  };
  const ask = async (path: string, n = 0) => {
    const { context } = await openConnection(deps, id, 'watch');
    return context.fetch(`${context.origin}/api/v1/${path}?n=${n}`).then(
      () => 'answered',
      ({ code }: { code: string }) => code,
    );
  };
  return { ask, use: (many: number) => (left -= many) };
}

const figures = () => database.db.select().from(quotas);

test('what a verdict asks is let through by a limit that is larger, however young the hour is', async () => {
  const { ask } = asking();
  await ask('query');
  await expect.poll(figures).toHaveLength(1);
  const codes = new Set<string>();
  for (let n = 1; n < OF_A_VERDICT; n++) codes.add(await ask('query', n));
  expect([...codes]).toEqual(['answered']);
});

test('its window ends so many seconds after the answer, and one address’s limit holds no other up', async () => {
  const { ask, use } = asking();
  use(LIMIT - 300);
  const before = Date.now();
  await ask('query');
  await expect.poll(figures).toHaveLength(1);
  const [row] = await figures();
  expect(row).toMatchObject({ resource: 'query', limit: LIMIT, remaining: 299 });
  expect((row?.resetAt.getTime() ?? 0) - before).toBeGreaterThanOrEqual(2_000_000);
  expect((row?.resetAt.getTime() ?? 0) - before).toBeLessThan(2_060_000);
  expect([await ask('query', 1), await ask('monitor')]).toEqual(['limit_low', 'answered']);
});

test('no share is named where none is taken', async () => {
  const { ask } = asking();
  await ask('query');
  await expect.poll(figures).toHaveLength(1);
  const quota = await readQuota(testContext(database.db, { actor: admin }), { id });
  expect(quota.budget).toMatchObject({ share: null, measures: true });
});
