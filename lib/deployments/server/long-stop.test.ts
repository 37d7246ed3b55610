import { eq, sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { deployments, settings } from '@/lib/db/schema';
import { ProviderError } from '@/lib/providers/port';
import { copyDatabase } from '@/scripts/testing/database';
import { type EngineWorld, engineWorld } from '../testing/engine-world';
import { type GateWorld, gateWorld } from '../testing/gate-world';
import { beat } from './heartbeat';
import { seekLateRuns } from './late-runs';

const HOUR = 3600;
/** A long weekend, and a backup that nobody would like to need. */
const AGES = [25 * HOUR, 10 * 24 * HOUR] as const;

let world: GateWorld;
let restored: EngineWorld | null = null;
beforeEach(async () => {
  world = await gateWorld();
  world.vendor.head = 'a'.repeat(40);
  await beat(world.engine);
});
afterEach(async () => {
  await restored?.close();
  restored = null;
  await world.close();
});

/** As long ago as that: every time in the rows, the last beat among them. */
async function age(target: EngineWorld, seconds: number): Promise<void> {
  await target.passTime(seconds);
  await target.database.db.execute(
    sql`update deployments set requested_at = requested_at - make_interval(secs => ${seconds})`,
  );
  await target.database.db.update(settings).set({
    value: sql`jsonb_set(${settings.value}, '{at}', to_jsonb(to_char((now() - make_interval(secs => ${seconds})) at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')))`,
  });
}

/** A backup of now; `restore(seconds)` brings it up, so much later, over the provider as it is then. */
async function backup(): Promise<(seconds: number) => Promise<EngineWorld>> {
  const copy = await copyDatabase(world.url);
  return async (seconds) => {
    restored = await engineWorld({ test: copy, vendor: world.vendor });
    await age(restored, seconds);
    return restored;
  };
}

/** The process died in its request: nobody wrote down what was answered. */
async function diedWhileSending(target: 'staging' | 'production'): Promise<string> {
  const { deploymentId } = await world.click({ target });
  world.vendor.answers = ['accepted-then-lost'];
  world.vendor.listable = false;
  await world.look(deploymentId);
  await world.database.db.execute(sql`update attempts set state = 'sending', answered_at = null`);
  return deploymentId;
}

/** Its whole time without a look, while workers of others were awake. */
const deadlinePassed = (target: EngineWorld, id: string) =>
  target.database.db
    .update(deployments)
    .set({ deadlineAt: sql`now() - interval '1 second'` })
    .where(eq(deployments.id, id));

describe('a backup that is older than every deadline', () => {
  test.each(AGES)('queued in it, sent since (%i s): the run is followed and nothing is sent', async (seconds) => {
    const { deploymentId } = await world.click({ target: 'production' });
    const restore = await backup();
    await world.look(deploymentId);
    const again = await restore(seconds);
    // Noticed by whoever looks first, or by the beat.
    if (seconds === AGES[0]) await beat(again.engine);
    const [run] = world.vendor.runs;
    expect(await again.look(deploymentId)).toMatchObject({ status: 'building', remoteId: run?.id });
    expect(world.vendor.requests).toBe(1);
  });

  test.each(AGES)('being sent in it (%i s): the run is looked for and followed', async (seconds) => {
    const deploymentId = await diedWhileSending('production');
    const again = await (await backup())(seconds);
    world.vendor.listable = true;
    await beat(again.engine);
    expect(await again.look(deploymentId)).toMatchObject({ status: 'building', remoteId: world.vendor.runs[0]?.id });
    expect((await again.attemptsOf(deploymentId)).map((each) => each.state)).toEqual(['accepted']);
    expect(world.vendor.requests).toBe(1);
  });

  test('a provider that cannot be asked yet ends nothing', async () => {
    const { deploymentId } = await world.click({ target: 'production' });
    const restore = await backup();
    await world.look(deploymentId);
    const again = await restore(25 * HOUR);
    await beat(again.engine);
    world.vendor.readError = new ProviderError('auth', 'bad_token', 'The token is refused.');
    for (let day = 0; day < 3; day++) {
      await deadlinePassed(again, deploymentId);
      expect(await again.look(deploymentId)).toMatchObject({ status: 'queued', lookFirst: true });
    }
    world.vendor.readError = null;
    expect(await again.look(deploymentId)).toMatchObject({ status: 'building', remoteId: world.vendor.runs[0]?.id });
  });

  test('a person who is asked may answer on another day', async () => {
    const { deploymentId } = await world.click({ target: 'production' });
    world.vendor.findable = false;
    await world.database.db.execute(sql`update deployments set dispatch = dispatch || '{"findable": false}'`);
    const again = await (await backup())(25 * HOUR);
    await beat(again.engine);
    for (let day = 0; day < 3; day++) {
      expect(await again.look(deploymentId)).toMatchObject({ status: 'queued', attention: 'unknown_outcome' });
      await deadlinePassed(again, deploymentId);
    }
    expect(world.vendor.requests).toBe(0);
  });

  test.each([1, 25])('waiting for people in it (%i h), approved and sent since: the run is followed', async (hours) => {
    const ben = await world.person('ben');
    await world.policy('staging', { approvals: 1, approvalHours: 2 });
    const { deploymentId } = await world.click();
    const restore = await backup();
    await world.approveAs(ben, deploymentId);
    await world.look(deploymentId);
    const again = await restore(hours * HOUR);
    await beat(again.engine);
    expect(await again.look(deploymentId)).toMatchObject({ status: 'awaiting_approval' });
    await deadlinePassed(again, deploymentId);
    expect(await again.look(deploymentId)).toMatchObject({ status: 'building', remoteId: world.vendor.runs[0]?.id });
    expect(await again.audits('deployment.approve')).toMatchObject([{ sentence: expect.stringContaining('has lost') }]);
    expect(world.vendor.requests).toBe(1);
  });

  test('waiting for people in it and never sent: it ends when nobody approves it, and says what was looked for', async () => {
    await world.policy('production', { approvals: 1, approvalHours: 2 });
    const { deploymentId } = await world.click({ target: 'production' });
    const again = await (await backup())(25 * HOUR);
    again.engine.settleSeconds = 0;
    await beat(again.engine);
    await deadlinePassed(again, deploymentId);
    expect(await again.look(deploymentId)).toMatchObject({ status: 'timed_out', failureCode: 'deadline' });
    expect((await again.row(deploymentId)).failureSentence).toMatch(/the provider has no run of it/);
    expect(world.vendor.requests).toBe(0);
  });
});

describe('more than a day without a worker', () => {
  test.each([true, false])('what was queued goes its way (findable: %s)', async (findable) => {
    const { deploymentId } = await world.click();
    await world.database.db.execute(
      sql`update deployments set dispatch = jsonb_set(dispatch, '{findable}', ${JSON.stringify(findable)}::jsonb)`,
    );
    await age(world, 25 * HOUR);
    await beat(world.engine);
    expect(await world.look(deploymentId)).toMatchObject({ status: 'building', attention: null });
    expect(world.vendor.requests).toBe(1);
  });

  test('leaves people the time that was left to them', async () => {
    await world.policy('staging', { approvals: 1, approvalHours: 2 });
    const { deploymentId } = await world.click();
    await age(world, 25 * HOUR);
    await beat(world.engine);
    const row = await world.look(deploymentId);
    expect(row.status).toBe('awaiting_approval');
    const left = (row.deadlineAt?.getTime() ?? 0) - Date.now();
    expect(left).toBeGreaterThan(2 * HOUR * 1000 - 60_000);
    expect(left).toBeLessThan(2 * HOUR * 1000 + 60_000);
    expect(row.nextCheckAt).toEqual(row.deadlineAt);
  });

  test('ends no run before somebody could read it', async () => {
    const { deploymentId } = await world.click();
    await world.look(deploymentId);
    await age(world, 25 * HOUR);
    world.vendor.readError = new ProviderError('unavailable', 'network', 'It cannot be reached.');
    await beat(world.engine);
    expect((await world.look(deploymentId)).status).toBe('building');
    world.vendor.readError = null;
    const [run] = world.vendor.runs;
    if (run) run.phase = 'done';
    expect(await world.look(deploymentId)).toMatchObject({ status: 'succeeded' });
  });
});

test('a request whose time ends unanswered is looked for afterwards, and its run is told', async () => {
  const deploymentId = await diedWhileSending('production');
  await deadlinePassed(world, deploymentId);
  expect((await world.look(deploymentId)).status).toBe('errored');
  expect((await world.attemptsOf(deploymentId)).map((each) => each.state)).toEqual(['unknown']);
  world.vendor.listable = true;
  expect(await seekLateRuns(world.engine)).toBe(1);
  expect(await world.timeline(deploymentId)).toContain('late_run');
});

test('what asks for a commit that is gone holds its place for its own time, and no longer', async () => {
  await world.policy('staging', { checks: 'success' });
  const { deploymentId } = await world.click();
  const gone = new ProviderError('notFound', 'no_commit', 'There is no such commit.');
  world.engine.openConnection = () => Promise.reject(gone);
  expect(await world.look(deploymentId)).toMatchObject({
    status: 'queued',
    troubleSentence: 'There is no such commit.',
  });
  await deadlinePassed(world, deploymentId);
  expect(await world.look(deploymentId)).toMatchObject({ status: 'timed_out' });
});

test('a day in which the provider could not be asked drops nothing of the queue', async () => {
  await world.policy('staging', { checks: 'success' });
  const { deploymentId } = await world.click();
  const open = world.engine.openConnection;
  world.engine.openConnection = () => Promise.reject(new ProviderError('auth', 'bad_token', 'The token is refused.'));
  await world.passTime(23 * HOUR);
  await world.look(deploymentId);
  await world.passTime(23 * HOUR);
  expect(await world.look(deploymentId)).toMatchObject({ status: 'queued', troubleSentence: 'The token is refused.' });
  world.engine.openConnection = open;
  expect((await world.look(deploymentId)).status).toBe('building');
});
