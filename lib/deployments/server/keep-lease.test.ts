import { eq, sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { ServiceContext } from '@/lib/auth/context';
import { attempts, deployments } from '@/lib/db/schema';
import { type EngineWorld, engineWorld } from '../testing/engine-world';
import { claim, LEASE_SECONDS, sendingUntil } from './claim';
import { type Lease, whileLeased } from './keep-lease';

let world: EngineWorld;
beforeAll(async () => {
  world = await engineWorld();
});
afterEach(async () => {
  vi.useRealTimers();
  // The target is free for the next one.
  await world.database.db.delete(attempts);
  await world.database.db.update(deployments).set({ status: 'cancelled', nextCheckAt: null, deadlineAt: null });
});
afterAll(() => world.close());

const PATIENTLY = { timeout: 10_000, interval: 20 };
const TICK_MS = 8_000;
/** No real time passes but in the database. */
const still = () => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });

async function claimed() {
  const { deploymentId } = await world.click();
  const turn = await claim(world.engine, await world.row(deploymentId), null);
  const { attempt, sendBy } = turn.kind === 'claimed' ? turn.claimed : expect.fail('not claimed');
  return { deploymentId, attempt, sendBy };
}

const isOver = async (id: string) => {
  const over = sql<boolean>`${attempts.leaseUntil} < now() + make_interval(secs => ${LEASE_SECONDS - 5})`;
  const [row] = await world.database.db.select({ over }).from(attempts).where(eq(attempts.id, id));
  return row?.over;
};

/** Work that goes on until it is let go, under the lease of an attempt. */
function working(ctx: ServiceContext, of: Awaited<ReturnType<typeof claimed>>) {
  const { promise: gate, resolve: letGo } = Promise.withResolvers<void>();
  const { promise: begun, resolve: tell } = Promise.withResolvers<Lease>();
  const done = whileLeased(ctx, of, async (lease) => {
    tell(lease);
    await gate;
  });
  return { begun, done, letGo };
}

test('a lease is renewed while its work goes on, and requests may leave for as long; afterwards it is left alone', async () => {
  still();
  const of = await claimed();
  const { begun, done, letGo } = working(world.engine, of);
  const lease = await begun;
  const ask = sendingUntil(lease, async () => new Response('sent'));
  for (let round = 0; round < 5; round++) {
    await world.passTime(LEASE_SECONDS - 5);
    vi.advanceTimersByTime(TICK_MS);
    await vi.waitFor(async () => expect(await isOver(of.attempt.id)).toBe(false), PATIENTLY);
    expect(await (await ask('https://gallery.example')).text()).toBe('sent');
  }
  expect(lease.signal.aborted).toBe(false);
  letGo();
  await done;
  await world.passTime(LEASE_SECONDS);
  vi.advanceTimersByTime(5 * TICK_MS);
  expect(await isOver(of.attempt.id)).toBe(true);
});

test('whoever finds its attempt settled by others stops', async () => {
  still();
  const of = await claimed();
  const { begun, done, letGo } = working(world.engine, of);
  const { signal } = await begun;
  await world.database.db.update(attempts).set({ state: 'unknown' }).where(eq(attempts.id, of.attempt.id));
  vi.advanceTimersByTime(TICK_MS);
  await vi.waitFor(() => expect(signal.aborted).toBe(true), PATIENTLY);
  letGo();
  await done;
});

test('whoever cannot reach the database stops before the lease ends, and so does whoever stood still', async () => {
  still();
  const of = await claimed();
  const db = Object.assign(Object.create(world.engine.db), { update: failing });
  const cut = working({ ...world.engine, db }, of);
  const { signal } = await cut.begun;
  vi.advanceTimersByTime(2 * TICK_MS);
  expect(signal.aborted).toBe(false);
  vi.advanceTimersByTime(TICK_MS);
  expect(signal.aborted, `after 24 s of ${LEASE_SECONDS}`).toBe(true);
  cut.letGo();
  await cut.done;
});

function failing(): never {
  throw new Error('The database is gone.');
}
