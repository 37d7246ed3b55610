import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '@/lib/db/client';
import { targets, verdicts } from '@/lib/db/schema';
import { openTestDatabase, testContext } from '@/lib/db/testing/context';
import { makeDeployment, makeTarget } from '@/lib/db/testing/factories';
import { HealthSettings } from '../model/health-settings';
import { judgeDue } from '.';
import { readSound } from './read-sound';

/** Verdicts go by when things went live, and not by their numbers: one may have waited while others went. */

const MINUTE = 60_000;
const settings = HealthSettings.parse({ watchUrl: 'https://api.example.com/health' });
let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

/** Live since so long ago, in the order in which they were asked for; the last of them judged. */
async function live(minutesAgo: readonly number[]) {
  const { db } = database;
  const target = await makeTarget(db);
  await db.update(targets).set({ health: settings }).where(eq(targets.id, target.id));
  const made: string[] = [];
  for (const minutes of minutesAgo) {
    const at = new Date(Date.now() - minutes * MINUTE);
    made.push((await makeDeployment(db, target, 'succeeded', { providerDoneAt: at, finishedAt: at })).id);
  }
  return { target, made };
}
const judge = () => judgeDue({ ...testContext(database.db), fetchOutside: async () => new Response('') }, 50);
const verdictOf = async (id = '') => {
  const [row] = await database.db.select().from(verdicts).where(eq(verdicts.deploymentId, id));
  return row ?? expect.fail('no verdict');
};

test('what is next ends the window, whichever was asked for first', async () => {
  const { made } = await live([2, 10]);
  await judge();
  const [last, before] = [await verdictOf(made[0]), await verdictOf(made[1])];
  expect([last.closed, before.closed]).toEqual([false, true]);
});

test('what waited while 20 that were asked for later ended is judged', async () => {
  const { target, made } = await live([2]);
  for (let n = 0; n < 20; n++) await makeDeployment(database.db, target, 'cancelled', { finishedAt: new Date() });
  await judge();
  expect((await verdictOf(made[0])).judgedAt).not.toBeNull();
});

test('the sound level is what the one before it handed on', async () => {
  const { target, made } = await live([2, 10]);
  await judge();
  const worse = { signal: 'errors', source: 'a', verdict: 'worse', before: 0.2 };
  for (const [n, verdict] of ['worse', 'healthy'].entries()) {
    const report = { verdict, signals: [worse] } as never;
    await database.db
      .update(verdicts)
      .set({ report })
      .where(eq(verdicts.deploymentId, made[n] ?? ''));
  }
  const soundFor = async (liveAt: Date) =>
    readSound(database.db, { targetId: target.id, liveAt, settings: (await verdictOf(made[0])).settings }, Date.now());
  expect(await soundFor(new Date()), 'the last one before was worse').toHaveLength(1);
  expect(await soundFor(new Date(Date.now() - 5 * MINUTE)), 'and the one before that healthy').toEqual([]);
});
