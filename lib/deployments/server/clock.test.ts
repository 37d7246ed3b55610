import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ServiceContext } from '@/lib/auth/context';
import { deployments, targets } from '@/lib/db/schema';
import { Probe } from '@/lib/targets/model/probe';
import { type EngineWorld, engineWorld } from '../testing/engine-world';
import { advance } from './advance';
import { beat } from './heartbeat';

const TEN_MINUTES = 10 * 60_000;

let world: EngineWorld;
beforeEach(async () => {
  world = await engineWorld();
});
afterEach(() => world.close());

/** An instance whose clock is off; the database's is right. */
const off = (ms: number): ServiceContext => ({ ...world.engine, clock: { now: () => Date.now() + ms } });

describe.each([TEN_MINUTES, -TEN_MINUTES])('an instance whose clock is off by %d ms', (ms) => {
  test('takes over no lease that lives, and every lease that is over', async () => {
    world.vendor.onSent = () => {
      throw new TypeError('killed');
    };
    const { deploymentId } = await world.click();
    await expect(world.look(deploymentId)).rejects.toThrow('killed');
    world.vendor.onSent = () => {};
    for (let look = 0; look < 5; look++) await advance(off(ms), deploymentId);
    expect((await world.attemptsOf(deploymentId)).map((each) => each.state)).toEqual(['sending']);
    await world.passTime(35);
    await advance(off(ms), deploymentId);
    expect(await world.row(deploymentId)).toMatchObject({ status: 'building' });
    expect(world.vendor.requests).toBe(1);
  });

  test('ends nothing before its deadline, and does so after it', async () => {
    const { deploymentId } = await world.click();
    await world.look(deploymentId);
    for (const run of world.vendor.runs) run.phase = 'building';
    const deadlineIn = (seconds: number) =>
      world.database.db.update(deployments).set({ deadlineAt: sql`now() + make_interval(secs => ${seconds})` });
    await deadlineIn(60);
    for (let look = 0; look < 5; look++) await advance(off(ms), deploymentId);
    expect((await world.row(deploymentId)).status).toBe('building');
    // A provider's word that it goes on would give it more.
    for (const run of world.vendor.runs) run.phase = 'unrecognised';
    await deadlineIn(-1);
    await advance(off(ms), deploymentId);
    expect((await world.row(deploymentId)).status).toBe('timed_out');
  });

  test('says "not live" by the database’s clock', async () => {
    const probe = Probe.parse({ url: 'https://api.example.com/version', field: 'sha', withinMinutes: 5 });
    await world.database.db.update(targets).set({ probe });
    world.outside.answer = async () => Response.json({ sha: 'b'.repeat(40) });
    const { deploymentId } = await world.click();
    await world.look(deploymentId);
    for (const run of world.vendor.runs) run.phase = 'done';
    for (let look = 0; look < 5; look++) await advance(off(ms), deploymentId);
    expect((await world.row(deploymentId)).status).toBe('verifying');
    await world.database.db.update(deployments).set({ statusSince: sql`now() - interval '5 minutes'` });
    await advance(off(ms), deploymentId);
    expect(await world.row(deploymentId)).toMatchObject({ status: 'failed', failureCode: 'not_live' });
  });

  test('carries a deployment to its end together with one that is right: one request, times in their order', async () => {
    const { deploymentId } = await world.click();
    await advance(off(ms), deploymentId);
    await advance(world.engine, deploymentId);
    for (const run of world.vendor.runs) run.phase = 'done';
    await advance(off(ms), deploymentId);
    const row = await world.row(deploymentId);
    expect(row.status).toBe('succeeded');
    const times = [row.requestedAt, row.submittedAt, row.startedAt, row.providerDoneAt, row.finishedAt];
    const stamps = times.map((at) => at?.getTime() ?? 0);
    expect(stamps).toEqual([...stamps].sort((a, b) => a - b));
    expect(Math.max(...stamps) - Math.min(...stamps)).toBeLessThan(60_000);
    expect(world.vendor.requests).toBe(1);
  });

  test('takes a heart that beats for one that beats', async () => {
    await world.click();
    await beat(world.engine);
    expect(await beat(off(ms))).toBe(0);
    expect(await beat(world.engine)).toBe(0);
  });
});
