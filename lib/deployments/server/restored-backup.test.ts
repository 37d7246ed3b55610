import { eq, sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { deployments, settings } from '@/lib/db/schema';
import { makeDeployment } from '@/lib/db/testing/factories';
import { copyDatabase } from '@/scripts/testing/database';
import { type EngineWorld, engineWorld } from '../testing/engine-world';
import { beat } from './heartbeat';
import { resolveUnknown } from './resolve';

let world: EngineWorld;
let restored: EngineWorld | null = null;
beforeEach(async () => {
  world = await engineWorld();
  world.vendor.head = 'a'.repeat(40);
  await beat(world.engine);
});
afterEach(async () => {
  await restored?.close();
  restored = null;
  await world.close();
});

/** A backup of now; `restore()` brings it up again over the provider as it is then. */
async function backup(): Promise<() => Promise<EngineWorld>> {
  const copy = await copyDatabase(world.url);
  return async () => {
    restored = await engineWorld({ test: copy, vendor: world.vendor });
    await beat(restored.engine);
    return restored;
  };
}

/** Nobody was awake for so long, or an older state came back. */
const asleep = (target: EngineWorld, seconds: number) =>
  target.database.db.update(settings).set({
    value: sql`jsonb_set(${settings.value}, '{at}', to_jsonb(to_char((now() - make_interval(secs => ${seconds})) at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')))`,
  });
/** Long after the restore: whatever was sent before it is listed by now. */
const settledLater = (target: EngineWorld) =>
  target.database.db.update(settings).set({
    value: sql`jsonb_set(${settings.value}, '{restoredAt}', to_jsonb(to_char((now() - interval '2 minutes') at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')))`,
  });
/** Deployments asked for before the restore, in any order of the test's own clock. */
const runsOf = (id: string) => world.vendor.runs.filter((run) => run.marker.includes(id.replace('dep_', '')));

describe('a restored backup', () => {
  test.each([
    ['queued', 'staging', []],
    ['queued', 'production', []],
    ['queued', 'staging', ['unavailable', 'accepted']],
    ['queued', 'production', ['accepted-then-lost']],
  ] as const)(
    '%s in it, sent since on %s (%j): the run is followed, nothing is sent again',
    async (_, target, answers) => {
      const { deploymentId } = await world.click({ target });
      const restore = await backup();
      world.vendor.answers = [...answers];
      await world.look(deploymentId);
      await world.passTime(120);
      await world.look(deploymentId);
      const sent = world.vendor.requests;
      expect(runsOf(deploymentId)).toHaveLength(1);
      const again = await restore();
      expect((await again.row(deploymentId)).lookFirst).toBe(true);
      const row = await again.look(deploymentId);
      expect(row).toMatchObject({ status: 'building', remoteId: runsOf(deploymentId)[0]?.id, lookFirst: false });
      expect(world.vendor.requests).toBe(sent);
    },
  );

  test('waiting between two tries in it, sent since: the later run is followed', async () => {
    world.vendor.answers = ['unavailable'];
    const { deploymentId } = await world.click();
    await world.look(deploymentId);
    const restore = await backup();
    await world.passTime(60);
    expect((await world.look(deploymentId)).status).toBe('building');
    const sent = world.vendor.requests;
    const again = await restore();
    await again.passTime(60);
    expect((await again.look(deploymentId)).status).toBe('building');
    expect((await again.attemptsOf(deploymentId)).map((each) => each.number)).toEqual([1, 2]);
    expect(world.vendor.requests).toBe(sent);
  });

  test('never sent: on staging it is sent once, when nothing can be unlisted any more', async () => {
    const { deploymentId } = await world.click();
    const again = await (await backup())();
    expect(await again.look(deploymentId)).toMatchObject({ status: 'queued', lookFirst: true });
    expect(world.vendor.requests).toBe(0);
    await settledLater(again);
    await again.database.db.execute(sql`update deployments set requested_at = now() - interval '1 hour'`);
    expect((await again.look(deploymentId)).status).toBe('building');
    expect(world.vendor.requests).toBe(1);
  });

  test('not found on production: a person is asked and nothing is sent, however long it takes', async () => {
    const { deploymentId } = await world.click({ target: 'production' });
    const restore = await backup();
    await world.look(deploymentId);
    world.vendor.listable = false;
    const again = await restore();
    await settledLater(again);
    await again.database.db.execute(sql`update deployments set requested_at = now() - interval '1 hour'`);
    for (let look = 0; look < 10; look++) await again.look(deploymentId);
    expect(await again.row(deploymentId)).toMatchObject({ status: 'queued', attention: 'unknown_outcome' });
    expect(world.vendor.requests).toBe(1);
    const run = runsOf(deploymentId)[0];
    await resolveUnknown(again.as('operator'), {
      deploymentId,
      decision: 'adopt',
      remoteId: run?.id,
      reason: 'It is there, see the list of runs.',
    });
    expect(await again.look(deploymentId)).toMatchObject({ status: 'building', remoteId: run?.id, attention: null });
    expect(world.vendor.requests).toBe(1);
  });

  test.each(['send_again', 'give_up'] as const)('a person may also decide: %s', async (decision) => {
    const { deploymentId } = await world.click({ target: 'production' });
    const again = await (await backup())();
    await settledLater(again);
    await again.database.db.execute(sql`update deployments set requested_at = now() - interval '1 hour'`);
    await again.look(deploymentId);
    await resolveUnknown(again.as('operator'), { deploymentId, decision, reason: 'Looked at the list of runs.' });
    expect((await again.look(deploymentId)).status).toBe(decision === 'send_again' ? 'building' : 'errored');
    expect(world.vendor.requests).toBe(decision === 'send_again' ? 1 : 0);
  });

  test('a run that cannot be followed yet is not forgotten: the person is told to decide again', async () => {
    const { deploymentId } = await world.click({ target: 'production' });
    const restore = await backup();
    await world.look(deploymentId);
    world.vendor.listable = false;
    const again = await restore();
    await settledLater(again);
    await again.database.db.execute(sql`update deployments set requested_at = now() - interval '1 hour'`);
    await again.look(deploymentId);
    const busy = await makeDeployment(
      again.database.db,
      {
        id: 'tgt_production',
        componentId: 'cmp_backend',
        environmentId: 'env_production',
        connectionId: 'con_1',
        config: {},
      } as never,
      'deploying',
    );
    const decide = () =>
      resolveUnknown(again.as('operator'), {
        deploymentId,
        decision: 'adopt',
        remoteId: runsOf(deploymentId)[0]?.id,
        reason: 'It is there, see the list of runs.',
      });
    await expect(decide()).rejects.toMatchObject({ kind: 'precondition', code: 'target_busy' });
    await again.database.db.update(deployments).set({ status: 'failed' }).where(eq(deployments.id, busy.id));
    await decide();
    expect((await again.look(deploymentId)).status).toBe('building');
    expect(world.vendor.requests).toBe(1);
  });

  test('says so: one audit line, and a line in the history of each deployment', async () => {
    const { deploymentId } = await world.click();
    const again = await (await backup())();
    await beat(again.engine);
    expect(await again.audits('database.restored')).toMatchObject([{ code: 'restored', data: { count: 1 } }]);
    expect(await again.timeline(deploymentId)).toContain('look_first');
    expect(await world.audits('database.restored')).toEqual([]);
  });

  test('that nobody has noticed yet is noticed before the first request', async () => {
    const { deploymentId } = await world.click();
    const copy = await copyDatabase(world.url);
    await world.look(deploymentId);
    restored = await engineWorld({ test: copy, vendor: world.vendor });
    expect(await restored.look(deploymentId)).toMatchObject({
      status: 'building',
      remoteId: runsOf(deploymentId)[0]?.id,
    });
    expect(world.vendor.requests).toBe(1);
  });
});

describe('a long stop', () => {
  test.each(['staging', 'production'] as const)('costs a look-up on %s and nothing else', async (target) => {
    const { deploymentId } = await world.click({ target });
    await asleep(world, 3600);
    expect(await beat(world.engine)).toBe(1);
    expect(await world.look(deploymentId)).toMatchObject({ status: 'building', attention: null });
    expect(world.vendor.requests).toBe(1);
    expect(world.vendor.lookups).toBeGreaterThan(0);
    expect((await world.attemptsOf(deploymentId)).map((each) => each.marker)).toEqual([
      runsOf(deploymentId)[0]?.marker,
    ]);
  });

  test('asks nobody about what waits, was never claimed and could not be found anyway', async () => {
    world.vendor.findable = false;
    const { deploymentId } = await world.click({ target: 'production' });
    await asleep(world, 3600);
    expect(await beat(world.engine)).toBe(0);
    expect(await world.look(deploymentId)).toMatchObject({ status: 'building', attention: null });
    expect(world.vendor.requests).toBe(1);
  });

  test('asks about what may be on the wire, findable or not', async () => {
    world.vendor.findable = false;
    world.vendor.answers = ['lost'];
    const { deploymentId } = await world.click({ target: 'production' });
    await world.look(deploymentId);
    await asleep(world, 3600);
    expect(await beat(world.engine)).toBe(1);
    await world.look(deploymentId);
    expect(await world.row(deploymentId)).toMatchObject({ status: 'submitting', attention: 'unknown_outcome' });
    expect(world.vendor.requests).toBe(1);
  });

  test('of a minute or less, or with nothing on its way, costs nothing at all', async () => {
    await asleep(world, 3600);
    expect(await beat(world.engine)).toBe(0);
    const { deploymentId } = await world.click();
    await asleep(world, 55);
    expect(await beat(world.engine)).toBe(0);
    await world.look(deploymentId);
    expect(world.vendor.lookups).toBe(0);
    expect(await world.audits('database.restored')).toEqual([]);
  });

  /** What a snapshot of the disk brings back: the same database, as it was before the click was worked on. */
  async function sentAndPutBack(target: 'staging' | 'production'): Promise<string> {
    const { deploymentId } = await world.click({ target });
    await world.database.db.execute(sql`create table kept as select * from deployments`);
    await world.look(deploymentId);
    await world.database.db.execute(sql`delete from attempts`);
    await world.database.db.execute(
      sql`update deployments d set status = k.status, remote_id = null, version = k.version, submitted_at = null, started_at = null from kept k where k.id = d.id`,
    );
    await asleep(world, 600);
    return deploymentId;
  }

  test('after which an older state of the same database is back: its runs are found, nothing is sent again', async () => {
    const deploymentId = await sentAndPutBack('staging');
    await beat(world.engine);
    expect((await world.look(deploymentId)).status).toBe('building');
    expect(world.vendor.requests).toBe(1);
  });

  test.each(['staging', 'production'] as const)(
    'after which an older state is back, which the audit anchor knows: on %s a person is asked where nothing can be found',
    async (target) => {
      world.vendor.findable = false;
      const deploymentId = await sentAndPutBack(target);
      world.engine.forgottenHeads = async () => ['7:aa'];
      for (let look = 0; look < 3; look++) await world.look(deploymentId);
      expect(await world.row(deploymentId)).toMatchObject({ status: 'queued', attention: 'unknown_outcome' });
      expect(world.vendor.requests).toBe(1);
      await beat(world.engine);
      expect(await world.audits('database.restored')).toMatchObject([{ code: 'restored', data: { count: 1 } }]);
      expect(await beat(world.engine)).toBe(0);
      // Set back once more: what is missing now may lie before what was missing then.
      world.engine.forgottenHeads = async () => ['5:bb', '7:aa'];
      expect(await beat(world.engine)).toBe(1);
      expect(await beat(world.engine)).toBe(0);
    },
  );
});
