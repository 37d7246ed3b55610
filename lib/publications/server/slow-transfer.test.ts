import { eq, sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { ServiceContext } from '@/lib/auth/context';
import { attempts } from '@/lib/db/schema';
import { advance } from '@/lib/deployments/server/advance';
import { CARRIED_AT_ONCE, PROVEN_AT_ONCE } from '@/lib/extensions/model/limits';
import { takeSeat } from '@/lib/realtime/seats';
import { readVsix } from '@/lib/sandbox/vsix';
import { PLACES, type PlacesWorld, placesWorld } from '../testing/places-world';
import { publishTo } from '.';

/** A gallery whose bytes come and go for longer than a lease, a job and a pause between two looks. */
let world: PlacesWorld;
let clicks = 0;

beforeAll(async () => {
  world = await placesWorld(readVsix);
});
beforeEach(() => world.there.set({ acceptThen502: 0, down: false, pace: 0.01 }));
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});
afterAll(() => world.close());

const SENDING = '/api/-/publish';
const FETCHING = 'VSIXPackage';
const PATIENTLY = { timeout: 10_000, interval: 20 };
const still = () => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });

async function asked(version: string) {
  const packageId = await world.packaged({ version });
  const idempotencyKey = `slow-${++clicks}-abcdef`;
  const { places } = await publishTo(world.person, { packageId, targetIds: [PLACES.openVsx], idempotencyKey });
  return { packageId, id: places[0]?.deploymentId ?? expect.fail('refused') };
}

/** A process whose requests to such an address wait to be let go. */
function slowly(part: string) {
  const { promise: reached, resolve: reach } = Promise.withResolvers<void>();
  const { promise: gate, resolve: letGo } = Promise.withResolvers<void>();
  const requests: string[] = [];
  const through = (gated: boolean): ServiceContext => ({
    ...world.person,
    openConnection: async (...args) => {
      const { provider, context } = await world.person.openConnection(...args);
      const fetch: typeof context.fetch = async (input, init) => {
        if (!String(input).includes(part)) return context.fetch(input, init);
        requests.push(String(input));
        reach();
        if (gated) await gate;
        return context.fetch(input, init);
      };
      return { provider, context: { ...context, fetch } };
    },
  });
  return { slow: through(true), other: through(false), requests, reached, letGo };
}

const status = async (id: string) => (await world.engine.row(id)).status;

test('a package that takes longer to send than a lease is sent once: nobody acts beside whoever sends it', async () => {
  const { id } = await asked('1.0.0');
  const { slow, other, requests, reached, letGo } = slowly(SENDING);
  still();
  const sending = advance(slow, id);
  await reached;
  const left = sql<number>`extract(epoch from ${attempts.leaseUntil} - now())::float8`;
  const lease = async () =>
    (await world.engine.database.db.select({ left }).from(attempts).where(eq(attempts.deploymentId, id)))[0]?.left;
  for (let round = 0; round < 3; round++) {
    await world.engine.passTime(25);
    vi.advanceTimersByTime(8_000);
    await vi.waitFor(async () => expect(await lease()).toBeGreaterThan(20), PATIENTLY);
    await advance(other, id);
  }
  expect([await status(id), requests.length]).toEqual(['submitting', 1]);
  letGo();
  await sending;
  expect(await status(id)).not.toBe('submitting');
  expect(requests).toHaveLength(1);
  vi.useRealTimers();
  await world.until(id, 'succeeded');
});

test('a proof that takes minutes is fetched by one process, and by another when that one falls silent', async () => {
  const { id, packageId } = await asked('1.1.0');
  const { slow, other, requests, reached, letGo } = slowly(FETCHING);
  still();
  const looks: Promise<void>[] = [];
  for (let isThere = false; !isThere; ) {
    const look = advance(slow, id);
    looks.push(look);
    isThere = await Promise.race([reached.then(() => true), look.then(() => false)]);
    world.there.advance(2_000);
    if (!isThere) await world.engine.passTime(3);
  }
  const held = async () => (await world.engine.row(id)).nextCheckAt?.getTime() ?? 0;
  for (let round = 0; round < 3; round++) {
    await advance(other, id);
    const before = await held();
    vi.advanceTimersByTime(10_000);
    await vi.waitFor(async () => expect(await held()).toBeGreaterThan(before), PATIENTLY);
  }
  expect([await status(id), requests.length]).toEqual(['verifying', 1]);
  // Its process is gone: nobody says a word for it any more.
  await world.engine.passTime(45);
  await advance(other, id);
  expect([await status(id), requests.length]).toEqual(['succeeded', 2]);
  letGo();
  await Promise.all(looks);
  expect(await world.stateAt(PLACES.openVsx, packageId)).toBe('verified');
});

test('one process sends and proves so many at a time, that other deployments have places left; the rest waits', async () => {
  const { id } = await asked('1.2.0');
  const taken = (kind: string, most: number) => Array.from({ length: most }, () => takeSeat(`packages:${kind}`, most));
  const carried = taken('carried', CARRIED_AT_ONCE);
  const before = world.changes();
  await advance(world.person, id);
  expect(await world.engine.row(id)).toMatchObject({
    status: 'submitting',
    waitingFor: expect.stringContaining('other'),
  });
  expect(world.changes()).toBe(before);
  for (const leave of carried) leave?.();
  const proven = taken('proven', PROVEN_AT_ONCE);
  await world.until(id, 'verifying');
  await advance(world.person, id);
  expect(await status(id)).toBe('verifying');
  for (const leave of proven) leave?.();
  await world.until(id, 'succeeded');
  expect(world.changes() - before).toBe(1);
});

test('whoever presses does not wait for minutes of bytes: what could not be seen in time the deployment asks again', async () => {
  const { id, packageId } = await asked('1.3.0');
  await world.until(id, 'succeeded');
  const real = AbortSignal.timeout.bind(AbortSignal);
  const over = AbortSignal.abort(new DOMException('over', 'TimeoutError'));
  vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => (ms === 20_000 ? over : real(ms)));
  const key = { idempotencyKey: `slow-${++clicks}-abcdef` };
  const { places } = await publishTo(world.person, { packageId, targetIds: [PLACES.openVsx], ...key });
  vi.restoreAllMocks();
  const before = world.changes();
  await world.until(places[0]?.deploymentId ?? '', 'succeeded');
  expect(world.changes()).toBe(before);
});
