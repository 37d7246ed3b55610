import { eq, sql } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { deployments } from '@/lib/db/schema';
import { PROVEN_AT_ONCE } from '@/lib/extensions/model/limits';
import { takeSeat } from '@/lib/realtime/seats';
import { type EngineWorld, engineWorld } from '../testing/engine-world';
import { whileLooking } from './hold-look';

let world: EngineWorld;
let seats: ((() => void) | null)[] = [];
beforeEach(async () => {
  world = await engineWorld();
});
afterEach(async () => {
  for (const leave of seats) leave?.();
  await world.close();
});

const never = () => expect.fail('It looked without a place.');
const takeAll = () => {
  seats = Array.from({ length: PROVEN_AT_ONCE }, () => takeSeat('packages:proven', PROVEN_AT_ONCE));
};

/** Seconds to its next look, by the database's clock. */
async function dueIn(id: string): Promise<number> {
  const left = sql<number>`extract(epoch from ${deployments.nextCheckAt} - now())::float8`;
  const [row] = await world.database.db.select({ left }).from(deployments).where(eq(deployments.id, id));
  return row?.left ?? expect.fail('no row');
}

test('a wake that finds all places taken leaves what somebody looks at to whoever does', async () => {
  const { deploymentId: id } = await world.click();
  let looks = 0;
  await whileLooking(world.engine, await world.row(id), async () => {
    looks += 1;
    takeAll();
    expect(await whileLooking(world.engine, await world.row(id), never)).toBe(false);
    expect(await dueIn(id)).toBeGreaterThan(40);
    return true;
  });
  expect(looks).toBe(1);
  expect(await dueIn(id), 'the holder lets it go').toBeLessThanOrEqual(0);
});

test('what nobody looks at and finds no place is looked at a few seconds later', async () => {
  const { deploymentId: id } = await world.click();
  takeAll();
  expect(await whileLooking(world.engine, await world.row(id), never)).toBe(false);
  const left = await dueIn(id);
  expect(left).toBeGreaterThan(1);
  expect(left).toBeLessThanOrEqual(3);
});
