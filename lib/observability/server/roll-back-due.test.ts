import { eq, sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ServiceContext } from '@/lib/auth/context';
import { deployments, events, freezes, sightings, targets, verdicts } from '@/lib/db/schema';
import { type GateWorld, gateWorld } from '@/lib/deployments/testing/gate-world';
import { ProviderError } from '@/lib/providers/port';
import { Probe } from '@/lib/targets/model/probe';
import { HealthSettings } from '../model/health-settings';
import { readVerdict, rollBackDue } from '.';

const [GOOD, UNSURE, BAD, NEXT] = ['1', '2', '3', '4'].map((digit) => digit.repeat(40)) as [
  string,
  string,
  string,
  string,
];
const settings = HealthSettings.parse({ watchUrl: 'https://api.example.com/health' });
const MINUTES = 60_000;

let world: GateWorld;
let ids: { good: string; bad: string };
beforeEach(async () => {
  world = await gateWorld();
  world.vendor.history = [GOOD, UNSURE, BAD, NEXT];
  const good = await live(GOOD, 'healthy');
  await live(UNSURE, 'inconclusive');
  ids = { good, bad: await live(BAD, 'worse') };
});
afterEach(() => world.close());

/** Live on staging, found so for some minutes, by a look just now. */
async function live(sha: string, verdict: 'healthy' | 'worse' | 'inconclusive', minutesAgo = 5) {
  const deploymentId = await world.deployed('done', { sha });
  const since = new Date(Date.now() - minutesAgo * MINUTES);
  await world.database.db.insert(verdicts).values({
    ...{ deploymentId, targetId: 'tgt_staging', settings, verdict, found: verdict, foundSince: since },
    ...{
      why: 'Error rate: 0.2 % before, 4.1 % since.',
      closed: verdict !== 'worse',
      liveAt: since,
      judgedAt: new Date(),
    },
    ...{ untilAt: new Date(Date.now() + 20 * MINUTES), worseSince: verdict === 'worse' ? since : null },
  });
  return deploymentId;
}
const asks = (rollBackWhenWorse: { confirmMinutes: number; throughFreeze?: true }) =>
  world.policy('staging', { rollBackWhenWorse });
const again = () =>
  world.database.db.update(verdicts).set({ rollBackNextAt: null }).where(eq(verdicts.deploymentId, ids.bad));
const look = async () => {
  await again();
  await rollBackDue(world.engine);
};
const rollBacks = () => world.database.db.select().from(deployments).where(eq(deployments.kind, 'rollback'));
const told = () => world.audits('deployment.roll-back-by-policy');
const said = async () => (await readVerdict(world.engine, { deploymentId: ids.bad })).automatic;

describe('a deployment that stays worse', () => {
  test('is left to a person where no policy asks', async () => {
    await look();
    expect(await rollBacks()).toEqual([]);
    expect(await said()).toBeNull();
  });

  test('goes back once, to the newest healthy one, by the engine, with a pin and the verdict as the reason', async () => {
    await asks({ confirmMinutes: 3 });
    await again();
    await Promise.all([rollBackDue(world.engine), rollBackDue(world.engine)]);
    await look();
    const [back, ...more] = await rollBacks();
    expect(more).toEqual([]);
    expect(back).toMatchObject({
      ...{ sha: GOOD, sourceDeploymentId: ids.good, status: 'queued' },
      ...{ requestedByName: 'AetherStack', requestedById: null },
    });
    expect(back?.reason).toMatch(/^By itself, as staging asks: #\d+ is worse .* Error rate: 0\.2 % before, 4\.1 %/);
    expect((await world.pins()).map(({ kind, deploymentId }) => [kind, deploymentId])).toEqual([
      ['rollback', back?.id],
    ]);
    expect((await told()).map(({ outcome, data }) => [outcome, data])).toEqual([['done', { rollBack: back?.id }]]);
    expect(await said()).toMatchObject({ state: 'asked', deploymentId: back?.id });
    expect((await world.timeline(ids.bad)).filter((kind) => kind === 'roll_back_by_policy')).toHaveLength(1);
  });

  test('goes back to what was live before it, also where that was asked for later', async () => {
    await asks({ confirmMinutes: 3 });
    const later = await live(NEXT, 'healthy');
    const { db } = world.database;
    await db.update(deployments).set({ finishedAt: sql`now()` }).where(eq(deployments.id, ids.bad));
    await db.update(targets).set({ currentDeploymentId: ids.bad }).where(eq(targets.id, 'tgt_staging'));
    await look();
    expect((await rollBacks()).map(({ sourceDeploymentId }) => sourceDeploymentId)).toEqual([later]);
  });

  test('waits until each look of the stated time found it worse', async () => {
    await asks({ confirmMinutes: 10 });
    await look();
    expect(await rollBacks()).toEqual([]);
    expect(await said()).toMatchObject({
      state: 'waits',
      sentence: expect.stringMatching(/at \d\d:\d\d UTC: staging/),
    });
    await world.database.db
      .update(verdicts)
      .set({ foundSince: sql`now() - interval '11 minutes'`, found: 'inconclusive' })
      .where(eq(verdicts.deploymentId, ids.bad));
    await look();
    expect(await rollBacks(), 'the newest look found it better').toEqual([]);
  });

  test('is held by a freeze, told once with its code, and goes back when that is over', async () => {
    await asks({ confirmMinutes: 3 });
    await world.freeze('staging');
    await look();
    await look();
    expect(await rollBacks()).toEqual([]);
    expect((await told()).map(({ outcome, code }) => [outcome, code])).toEqual([['refused', 'pinned_freeze']]);
    expect((await said())?.sentence).toMatch(/^It is not rolled back by itself. Frozen by admin/);
    await world.database.db.update(freezes).set({ endedAt: sql`now()` });
    await look();
    expect(await rollBacks()).toHaveLength(1);
  });

  test('goes through a freeze where the policy says so, and never through a lock', async () => {
    await asks({ confirmMinutes: 3, throughFreeze: true });
    await world.freeze('staging');
    await world.lock({ target: 'staging' });
    await look();
    expect((await told()).map(({ code }) => code)).toEqual(['pinned_lock']);
    await world.database.db.execute(sql`update pins set lifted_at = now()`);
    await look();
    const [back] = await rollBacks();
    expect(back?.freezeOverride).toMatchObject({ byName: 'AetherStack', byId: 'system' });
  });

  test('asks people where roll-backs need them, and leaves what is on its way alone', async () => {
    await world.policy('staging', { rollBackWhenWorse: { confirmMinutes: 3 }, approvals: 1 });
    await look();
    expect((await rollBacks()).map(({ status }) => status)).toEqual(['awaiting_approval']);
  });

  test('is never a roll-back itself, and never one with no healthy commit before it', async () => {
    await asks({ confirmMinutes: 3 });
    await world.database.db.update(deployments).set({ kind: 'rollback' }).where(eq(deployments.id, ids.bad));
    await look();
    expect(await told()).toEqual([]);
    await world.database.db.update(deployments).set({ kind: 'deploy' }).where(eq(deployments.id, ids.bad));
    await world.database.db
      .update(verdicts)
      .set({ verdict: 'inconclusive' })
      .where(eq(verdicts.deploymentId, ids.good));
    await look();
    expect(await rollBacks()).toEqual([]);
    expect((await told()).map(({ code }) => code)).toEqual(['none_healthy']);
    const [event] = await world.database.db.select().from(events).where(eq(events.kind, 'roll_back_by_policy'));
    expect(event?.data.outcome, 'people are told that they have to press').toBe('refused');
    await world.database.db.update(verdicts).set({ untilAt: sql`now()` }).where(eq(verdicts.deploymentId, ids.bad));
    await look();
    const all = await world.database.db.select().from(events).where(eq(events.kind, 'roll_back_by_policy'));
    expect(
      all.map(({ data }) => data.outcome),
      'and not again when the window is over',
    ).toEqual(['refused', undefined]);
  });

  test('waits for what is on its way, and does nothing when that is live', async () => {
    await asks({ confirmMinutes: 3 });
    const { deploymentId } = await world.click({ sha: NEXT });
    await world.look(deploymentId);
    await look();
    expect((await said())?.sentence).toMatch(/is on its way there/);
    const run = world.vendor.runs.at(-1) ?? expect.fail('no run');
    run.phase = 'done';
    await world.look(deploymentId);
    await look();
    expect([await rollBacks(), await said()]).toEqual([[], null]);
  });
});

describe('the look just before it', () => {
  const lookAs = async (openConnection: ServiceContext['openConnection']) => {
    await again();
    await rollBackDue({ ...world.engine, openConnection });
  };

  test('finds what is sent meanwhile, under the lock: a fix is not taken away behind it', async () => {
    await asks({ confirmMinutes: 3 });
    let fixed = false;
    await lookAs(async (...asked) => {
      if (!fixed) {
        fixed = true;
        await world.look((await world.click({ sha: NEXT })).deploymentId);
      }
      return world.engine.openConnection(...asked);
    });
    expect([fixed, await rollBacks(), await told()]).toEqual([true, [], []]);
    expect((await said())?.sentence).toMatch(/is on its way there/);
  });

  test('does not give way to others as the looks of the background do', async () => {
    await asks({ confirmMinutes: 3 });
    await lookAs(async (id, consumer) => {
      if (consumer === 'reconcile') throw new ProviderError('unavailable', 'budget_used', 'Others go first.');
      return world.engine.openConnection(id, consumer);
    });
    expect([(await rollBacks()).length, (await told()).map(({ code }) => code)]).toEqual([1, [null]]);
  });

  test('that its provider has trouble is told to nobody; that it lasts otherwise is', async () => {
    await asks({ confirmMinutes: 3 });
    await lookAs(async (id, consumer) => {
      if (consumer === undefined) throw new ProviderError('unavailable', 'trouble', 'It has trouble.');
      return world.engine.openConnection(id, consumer);
    });
    const outcomes = async () => {
      const all = await world.database.db.select().from(events).where(eq(events.kind, 'roll_back_by_policy'));
      return all.map(({ data }) => data.outcome);
    };
    expect([(await told()).map(({ code }) => code), await outcomes()]).toEqual([['trouble'], [undefined]]);
    await world.lock({ target: 'staging' });
    await look();
    expect([(await told()).map(({ code }) => code), await outcomes()]).toEqual([
      ['trouble', 'pinned_lock'],
      [undefined, 'refused'],
    ]);
  });

  test('goes on where the thing is down and its provider knows of nothing, and waits where that cannot be asked', async () => {
    await asks({ confirmMinutes: 3 });
    const probe = Probe.parse({ url: 'https://api.example.com/version', field: 'sha' });
    await world.database.db.update(targets).set({ probe }).where(eq(targets.id, 'tgt_staging'));
    world.outside.answer = async () => new Response('down', { status: 503 });
    await lookAs(() => Promise.reject(new ProviderError('unavailable', 'unreachable', 'It cannot be reached.')));
    expect([await rollBacks(), (await told()).map(({ code }) => code)]).toEqual([[], ['not_seen']]);
    await look();
    expect(await rollBacks()).toHaveLength(1);
    const [seen] = await world.database.db.select().from(sightings).where(eq(sightings.targetId, 'tgt_staging'));
    expect(seen?.troubleSentence, 'it is still said that it is down').toContain('503');
  });
});

test('a checklist that nobody would tick is refused where it is set', async () => {
  const policy = { rollBackWhenWorse: { confirmMinutes: 3 }, checklist: ['Told support'] };
  await expect(world.policy('staging', policy)).rejects.toMatchObject({
    code: 'ticks_by_nobody',
    fields: { 'policy.rollBackWhenWorse': expect.stringContaining('nobody ticks it by itself') },
  });
});
