import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { announcements, deployments } from '@/lib/db/schema';
import { makeDeployment, makeTarget } from '@/lib/db/testing/factories';
import { repositoryFiles } from '@/lib/sandbox/repository-files';
import {
  isCreate,
  isMark,
  noRight,
  PLAIN,
  type Row,
  refuse,
  type TellWorld,
  tellWorld,
  WORKFLOW,
} from '../testing/tell-world';
import { readTold, setTelling, tellDue } from '.';
import { ClaimLost, claim } from './claims';
import { tell } from './tell';

let world: TellWorld;
beforeAll(async () => {
  world = await tellWorld(await repositoryFiles());
});
afterAll(() => world.database.close());
beforeEach(() => world.begin());

describe('a deployment is shown by the provider', () => {
  test('from running to live to replaced, one record each, with the way back here', async () => {
    const first = await world.deployed('building', { remoteUrl: 'https://github.com/a/b/actions/runs/1' });
    await tellDue(world.worker());
    await world.becomes(first.id, 'succeeded');
    await tellDue(world.worker());
    expect(world.statesSaid()).toEqual(['in_progress', 'success']);
    const [record] = world.records();
    expect(record?.data).toMatchObject({
      sha: world.sha,
      production: false,
      payload: { aetherstack: { marker: first.id } },
    });
    expect(world.facts('deployment.said')[0]?.data).toMatchObject({ logUrl: 'https://github.com/a/b/actions/runs/1' });
    expect(await readTold(world.database.db, first.id, 'GitHub')).toMatchObject({
      tone: 'good',
      sentence: 'GitHub was told: live.',
      url: expect.stringContaining('github.com/aetherstack/aetherstack/deployments/'),
    });
    await tellDue(world.worker());
    expect(world.statesSaid()).toHaveLength(2);

    const second = await world.deployed('building');
    await world.becomes(second.id, 'succeeded');
    await tellDue(world.worker());
    expect(world.statesSaid().slice(2).sort()).toEqual(['inactive', 'success']);
    expect(world.records()).toHaveLength(2);
    expect((await world.rowOf(first.id)).state).toBe('done');
  });
  test('what was called off before anybody was told, what ended long ago and what waits for people stays untold', async () => {
    await world.deployed('cancelled');
    await world.deployed('awaiting_approval');
    await world.deployed('failed', { finishedAt: new Date(Date.now() - 3_600_000) });
    await tellDue(world.worker());
    expect(world.records()).toEqual([]);
  });
});

describe('exactly one record', () => {
  test('a process that dies between the answer and its own commit leaves one that the next one finds', async () => {
    const { id } = await world.deployed('building');
    const reached = Promise.withResolvers<void>();
    world.wire = async (request, send) => {
      const answer = await send();
      if (!isCreate(request)) return answer;
      reached.resolve();
      return new Promise<Response>(() => undefined);
    };
    void tellDue(world.worker());
    await reached.promise;
    expect(await world.rowOf(id)).toMatchObject({ remoteId: null, askedAt: expect.any(Date) });
    world.wire = (_, send) => send();
    // Its lease still holds.
    expect(await tellDue(world.worker())).toBe(0);
    await world.due();
    await tellDue(world.worker());
    expect(world.records()).toHaveLength(1);
    expect(await world.rowOf(id)).toMatchObject({ said: 'in_progress', remoteId: String(world.records()[0]?.data.id) });
  });
  test('a lost answer is waited out and looked up, and the deployment is not touched', async () => {
    const { id } = await world.deployed('building');
    world.wire = async (request, send) => {
      const answer = await send();
      return isCreate(request) ? new Response('', { status: 502 }) : answer;
    };
    await tellDue(world.worker());
    const [wait] = await world.database.db
      .select({ seconds: sql<number>`extract(epoch from next_try_at - now())::int` })
      .from(announcements)
      .where(eq(announcements.deploymentId, id));
    expect(wait?.seconds).toBeGreaterThanOrEqual(58);
    expect((await readTold(world.database.db, id, 'GitHub'))?.sentence).toContain('It is tried again');
    world.wire = (_, send) => send();
    await world.due();
    await tellDue(world.worker());
    expect(world.records()).toHaveLength(1);
    const [row] = await world.database.db.select().from(deployments).where(eq(deployments.id, id));
    expect(row).toMatchObject({ status: 'building', version: 1, troubleCount: 0 });
  });
  test('one that stood still says nothing any more, and ten at once make one record', async () => {
    const { id } = await world.deployed('building');
    await Promise.all(Array.from({ length: 10 }, () => tellDue(world.worker())));
    expect([world.records().length, world.statesSaid()]).toEqual([1, ['in_progress']]);
    await world.due();
    await world.database.db
      .update(announcements)
      .set({ nextTryAt: sql`now()` })
      .where(eq(announcements.deploymentId, id));
    const [stale] = await claim(world.worker(), 1);
    await world.becomes(id, 'succeeded');
    await world.database.db
      .update(announcements)
      .set({ nextTryAt: sql`now()` })
      .where(eq(announcements.deploymentId, id));
    await tellDue(world.worker());
    await expect(tell(world.worker(), stale as Row)).rejects.toBeInstanceOf(ClaimLost);
    expect(world.statesSaid()).toEqual(['in_progress', 'success']);
    expect(await world.rowOf(id)).toMatchObject({ said: 'success', state: 'open' });
  });
});

describe('what is in the way', () => {
  test('a missing permission is a notice, once, and nothing is tried again for this deployment', async () => {
    const { id } = await world.deployed('building');
    await tellDue(world.worker('readonly-token'));
    expect(await world.rowOf(id)).toMatchObject({ state: 'refused', nextTryAt: null });
    expect(await readTold(world.database.db, id, 'GitHub')).toMatchObject({
      tone: 'warn',
      sentence: expect.stringMatching(/^GitHub was not told\. .*deployments/),
    });
    await world.becomes(id, 'succeeded');
    expect(await tellDue(world.worker())).toBe(0);
  });
  test('a limit is waited for and is no failure; trouble is tried ten times and then set aside', async () => {
    const { id } = await world.deployed('building');
    world.vendor.set({ rateLimited: 'secondary' });
    await tellDue(world.worker());
    expect(await world.rowOf(id)).toMatchObject({ tries: 0, state: 'open' });
    world.vendor.set({ rateLimited: false, down: true });
    for (let i = 0; i < 10; i++) {
      await world.due();
      await tellDue(world.worker());
    }
    expect(await world.rowOf(id)).toMatchObject({ state: 'dead', nextTryAt: null });
  });

  test('a commit that may not be marked does not silence the record, and the reverse', async () => {
    await setTelling(world.admin(), { targetId: world.target.id, telling: 'record_and_commit' });
    world.wire = async (request, send) => (isMark(request) ? noRight() : send());
    const { id } = await world.deployed('building');
    await tellDue(world.worker());
    await world.becomes(id, 'succeeded');
    await tellDue(world.worker());
    expect(world.statesSaid()).toEqual(['in_progress', 'success']);
    expect(await world.rowOf(id)).toMatchObject({ state: 'open', markCode: 'missing_permission' });
    world.wire = async (request, send) => (isCreate(request) ? noRight() : send());
    const second = await world.deployed('building');
    await tellDue(world.worker());
    await world.becomes(second.id, 'failed');
    await tellDue(world.worker());
    expect(world.facts('commit.status').map(({ data }) => data.state)).toEqual(['pending', 'failure']);
  });
  test('a record that is there is made true after a refused credential and after a long outage', async () => {
    const { id } = await world.deployed('building');
    await tellDue(world.worker());
    world.wire = async () => refuse(401, 'Bad credentials');
    await world.becomes(id, 'succeeded');
    await tellDue(world.worker());
    expect(await world.rowOf(id)).toMatchObject({ state: 'open', code: 'credential_refused' });
    world.wire = async () => new Response('', { status: 503 });
    for (let i = 0; i < 11; i++) {
      await world.due();
      await tellDue(world.worker());
    }
    expect(await world.rowOf(id)).toMatchObject({ state: 'open', nextTryAt: expect.any(Date) });
    world.wire = (_, send) => send();
    await world.due();
    await tellDue(world.worker());
    expect(world.statesSaid()).toEqual(['in_progress', 'success']);
  });
  test('one that the code cannot cope with does not keep the others', async () => {
    const bad = await world.deployed('building');
    const good = await makeDeployment(
      world.database.db,
      await makeTarget(world.database.db, {
        connection: { id: world.target.connectionId },
        config: world.target.config as never,
      }),
      'building',
      { sha: world.sha },
    );
    const ctx = world.worker();
    const open = ctx.openConnection;
    let calls = 0;
    ctx.openConnection = (...args) => (calls++ === 0 ? Promise.reject(new TypeError('poison')) : open(...args));
    await tellDue(ctx);
    const states = [await world.rowOf(bad.id), await world.rowOf(good.id)].map(({ said, code }) => said ?? code);
    expect(states.sort()).toEqual(['console_bug', 'in_progress']);
  });
  test('a job that names an environment makes its own record, so ours is not made; the commit is still told', async () => {
    await setTelling(world.admin(), { targetId: world.target.id, telling: 'record_and_commit' });
    const own = PLAIN.replace('put: {', 'put: { environment: staging,');
    world.sha = await world.simulator.push({ branch: 'main', files: { [`.github/workflows/${WORKFLOW}`]: own } });
    const { id } = await world.deployed('building');
    await tellDue(world.worker());
    await world.becomes(id, 'failed');
    await tellDue(world.worker());
    expect(world.records()).toEqual([]);
    expect(world.facts('commit.status').map(({ data }) => data.state)).toEqual(['pending', 'failure']);
    expect(world.facts('commit.status')[0]?.data.context).toBe(
      `aetherstack/backend${world.serial}/staging${world.serial}`,
    );
    expect((await readTold(world.database.db, id, 'GitHub'))?.sentence).toContain('“put” names an environment');
  });
  test('a file that runs on deployments is not started by ours', async () => {
    const smoke = { '.github/workflows/smoke.yml': 'on: deployment\njobs: {}\n' };
    world.sha = await world.simulator.push({ branch: 'main', files: smoke });
    const { id } = await world.deployed('building');
    await tellDue(world.worker());
    expect([world.records(), (await world.rowOf(id)).code]).toEqual([[], 'triggers']);
  });
});

test('the setting: nothing is told where it is off, and only who may change targets changes it', async () => {
  await expect(
    setTelling(world.admin('operator'), { targetId: world.target.id, telling: 'nothing' }),
  ).rejects.toMatchObject({
    code: 'forbidden',
  });
  await setTelling(world.admin(), { targetId: world.target.id, telling: 'nothing' });
  const { id } = await world.deployed('building');
  expect(await tellDue(world.worker())).toBe(0);
  expect(await readTold(world.database.db, id, 'GitHub')).toBeNull();
});
