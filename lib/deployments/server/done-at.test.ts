import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { deployments, targets } from '@/lib/db/schema';
import { Probe } from '@/lib/targets/model/probe';
import { type EngineWorld, engineWorld } from '../testing/engine-world';

const MINUTE = 60_000;
let world: EngineWorld;
beforeEach(async () => {
  world = await engineWorld();
});
afterEach(() => world.close());

/** Sent an hour ago, and seen building so many minutes ago; nobody has looked since then. */
async function asleepFor(minutes: number): Promise<string> {
  const { deploymentId } = await world.click();
  await world.look(deploymentId);
  for (const run of world.vendor.runs) run.phase = 'building';
  await world.look(deploymentId);
  await world.database.db.update(deployments).set({
    submittedAt: sql`now() - interval '1 hour'`,
    observedAt: sql`now() - make_interval(mins => ${minutes})`,
  });
  return deploymentId;
}
async function doneAfter(deploymentId: string, finishedMinutesAgo: number | null) {
  for (const run of world.vendor.runs) {
    run.phase = 'done';
    run.finishedAt =
      finishedMinutesAgo === null ? null : new Date(Date.now() - finishedMinutesAgo * MINUTE).toISOString();
  }
  const { providerDoneAt, status } = await world.look(deploymentId);
  return { status, minutesAgo: Math.round((Date.now() - Number(providerDoneAt)) / MINUTE) };
}

test.each([
  ['by the provider’s word, however long nobody looked', 50, 40, 40],
  ['not before the last look, which found it going on: it was built before and only promoted', 10, 55, 10],
  ['not in the future, where the provider’s clock is ahead', 10, -5, 0],
  ['now, where the provider does not say', 1, null, 0],
  ['at the last look, where it does not say and nobody looked for longer', 10, null, 10],
] as const)('it is done %s', async (_, asleep, finished, expected) => {
  expect(await doneAfter(await asleepFor(asleep), finished)).toMatchObject({ minutesAgo: expected });
});

test('the time to be seen live runs from when we heard of it, so a long sleep does not use it up', async () => {
  const probe = Probe.parse({ url: 'https://api.example.com/version', field: 'sha', withinMinutes: 5 });
  await world.database.db.update(targets).set({ probe });
  world.outside.answer = async () => Response.json({ sha: 'b'.repeat(40) });
  const id = await asleepFor(50);
  expect(await doneAfter(id, 40)).toEqual({ status: 'verifying', minutesAgo: 40 });
  expect((await world.look(id)).status).toBe('verifying');
  world.outside.answer = async () => Response.json({ sha: world.vendor.head });
  expect((await world.look(id)).status).toBe('succeeded');
});
