import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Database } from '@/lib/db/client';
import { healthSamples, targets } from '@/lib/db/schema';
import { openTestDatabase, personActor, testContext } from '@/lib/db/testing/context';
import { makeTarget } from '@/lib/db/testing/factories';
import { ProviderError } from '@/lib/providers/port';
import { HealthSettings } from '../model/health-settings';
import { probeDue, setHealth } from '.';
import { readProbes, readSamples } from './samples';

const watchUrl = 'https://api.example.com/health';
let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterEach(async () => {
  await database.db.delete(healthSamples);
  await database.db.update(targets).set({ health: null });
});
afterAll(() => database.close());

async function watched() {
  const target = await makeTarget(database.db);
  const health = HealthSettings.parse({ watchUrl });
  await database.db.update(targets).set({ health }).where(eq(targets.id, target.id));
  return target.id;
}

const world = (fetchOutside: (url: string, init?: RequestInit) => Promise<Response>) => ({
  ...testContext(database.db),
  fetchOutside,
});
/** What was found: once, also where the next slot began meanwhile and was asked in as well. */
const foundOf = async (targetId: string) => {
  const now = Date.now();
  const samples = await readSamples(database.db, targetId, { from: now - 120_000, to: now + 1_000 });
  return [...new Set(samples.map(({ ok, failed }) => `${ok} up, ${failed} down`))];
};

test('a redirect is an answer below 400, and is asked for as one', async () => {
  const targetId = await watched();
  const asked: (string | undefined)[] = [];
  const ctx = world(async (_, init) => {
    asked.push(init?.redirect);
    return new Response(null, { status: 302, headers: { location: '/login' } });
  });
  await probeDue(ctx);
  expect([[...new Set(asked)], await foundOf(targetId)]).toEqual([['manual'], ['1 up, 0 down']]);
});

test.each([
  ['refused by our own guard', new ProviderError('rejected', 'address_refused', 'Not public.'), []],
  ['without a network of ours', new ProviderError('unavailable', 'no_network', 'No way out.'), []],
  ['that does not answer', new ProviderError('unavailable', 'network', 'It cut the connection.'), ['0 up, 1 down']],
])('an address %s: a gap where it is our trouble, down where it is its own', async (_, error, found) => {
  const targetId = await watched();
  await probeDue(world(() => Promise.reject(error)));
  expect(await foundOf(targetId)).toEqual(found);
});

test('an address that may not be asked is refused when it is saved; one that is down is kept', async () => {
  const target = await makeTarget(database.db);
  const health = HealthSettings.parse({ watchUrl: 'https://10.0.0.7/health' });
  const by = (error: Error) => ({
    ...world(() => Promise.reject(error)),
    actor: personActor([{ role: 'admin', environmentPattern: '*' }]),
  });
  const save = (error: Error) => setHealth(by(error), { targetId: target.id, version: 1, health });
  await expect(save(new ProviderError('rejected', 'address_refused', 'Not public.'))).rejects.toMatchObject({
    code: 'address_refused',
    fields: { 'health.watchUrl': 'Not public.' },
  });
  expect((await save(new ProviderError('unavailable', 'network', 'Down.'))).targetId).toBe(target.id);
});

test('no more are claimed than are asked at once, so that none is dated long before it was taken', async () => {
  for (let at = 0; at < 10; at++) await watched();
  let claimed = 0;
  const ctx = world(async () => {
    claimed ||= await database.db.$count(healthSamples);
    return new Response('');
  });
  expect(await probeDue(ctx)).toBeGreaterThanOrEqual(10);
  expect(claimed).toBeLessThanOrEqual(8);
});

test('what the newest probe saw, and the newest that failed, is told with status and version', async () => {
  const targetId = await watched();
  const now = Math.floor(Date.now() / 30_000) * 30_000;
  const at = (slots: number) => new Date(now - slots * 30_000);
  const sample = { targetId, width: 30 };
  await database.db.insert(healthSamples).values([
    { ...sample, at: at(0) },
    { ...sample, at: at(1), ok: 1, status: 200, version: 'abc1234' },
    { ...sample, at: at(2), failed: 1, status: 503 },
    { ...sample, at: at(3), failed: 1, status: null },
    { ...sample, at: at(9), ok: 1, status: 204 },
  ]);
  expect(await readProbes(database.db, targetId, at(5)), 'a slot that was not measured is none').toEqual({
    last: { at: at(1).toISOString(), status: 200, version: 'abc1234' },
    failed: { at: at(2).toISOString(), status: 503, version: null },
  });
  expect((await readProbes(database.db, targetId, at(1)))?.failed, 'what was before does not count').toBeNull();
  expect(await readProbes(database.db, targetId, at(0))).toBeNull();
});
