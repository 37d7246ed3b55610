import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { freezes } from '@/lib/db/schema';
import { type GateWorld, gateWorld } from '@/lib/deployments/testing/gate-world';
import { createFreeze } from '.';
import { databaseNow, holdsOn } from './holds';

const DAY = 24 * 60;
const PLACE = { targetId: 'tgt_staging', environmentId: 'env_staging', componentId: 'cmp_backend' };

let world: GateWorld;
beforeEach(async () => {
  world = await gateWorld();
});
afterEach(() => world.close());

async function freeze(name: string, daysAgo: number, days: number, recurrence: string | null = null) {
  const startsAt = new Date(Date.now() - daysAgo * DAY * 60_000 - 3_600_000).toISOString().slice(0, 16);
  const what = {
    name,
    reason: 'The books are closed',
    environmentId: null,
    timeZone: 'Pacific/Kiritimati',
    recurrence,
  };
  await createFreeze(world.as('admin'), { ...what, componentId: null, startsAt, durationMinutes: days * DAY });
}

test('a freeze of long ago is no longer reckoned with, unless it lasts or comes again', async () => {
  const { db } = world.database;
  await freeze('over', 10, 12);
  await freeze('lasting', 10, 12);
  await freeze('daily', 10, 0.9, 'FREQ=DAILY');
  // Whoever reckoned with it would stumble.
  await db.update(freezes).set({ startsAt: '0000-nonsense' }).where(eq(freezes.name, 'over'));
  const holding = await holdsOn(db, PLACE, await databaseNow(db));
  expect(holding.map((hold) => hold.reason.split(':')[0]).sort()).toEqual(['daily', 'lasting']);
});
