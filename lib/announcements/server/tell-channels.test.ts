import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { announcements, environments, targets } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { repositoryFiles } from '@/lib/sandbox/repository-files';
import { isCreate, isMark, noRight, refuse, type TellWorld, tellWorld } from '../testing/tell-world';
import { readTold, setTelling, tellDue, tellSeeded } from '.';
import { claim } from './claims';
import { ownMarks } from './own-marks';

const FOLDER = '.github/workflows';
let world: TellWorld;
beforeAll(async () => {
  world = await tellWorld(await repositoryFiles());
});
afterAll(() => world.database.close());
beforeEach(() => world.begin());

const both = () => setTelling(world.admin(), { targetId: world.target.id, telling: 'record_and_commit' });
const pass = () => tellDue(world.worker());
const told = async (id: string) => (await readTold(world.database.db, id, 'GitHub'))?.sentence ?? '';

describe('the status at a commit', () => {
  test('never takes back what a newer deployment of the same commit said', async () => {
    await both();
    const older = await world.deployed('building');
    await pass();
    await world.becomes(older.id, 'failed');
    const newer = await world.deployed('building');
    await pass();
    await world.becomes(newer.id, 'succeeded');
    // Both were told at once in that pass: where the older one ended last, the newer one's turn is taken from it until later.
    await world.due();
    await pass();
    const first = await world.rowOf(older.id);
    expect(world.marks().at(-1)).toBe('success');
    await world.database.db
      .update(announcements)
      .set({ marked: 'in_progress', state: 'open', saidVersion: 0, nextTryAt: sql`now()` })
      .where(eq(announcements.deploymentId, first.deploymentId));
    await pass();
    expect(world.marks().at(-1), 'its word came too late').toBe('success');
  });

  test('is said once more by the newer one, when the older one’s word was under way meanwhile', async () => {
    await both();
    const older = await world.deployed('building');
    await pass();
    await world.becomes(older.id, 'failed');
    const under = Promise.withResolvers<void>();
    const go = Promise.withResolvers<void>();
    world.wire = async (request, send) => {
      if (!isMark(request)) return send();
      world.wire = (_, next) => next();
      under.resolve();
      await go.promise;
      return send();
    };
    const slow = pass();
    await under.promise;
    const newer = await world.deployed('building');
    await world.becomes(newer.id, 'succeeded');
    await pass();
    go.resolve();
    await slow;
    await pass();
    expect(world.marks()).toEqual(['pending', 'success', 'failure', 'success']);
  });

  test('is not set where a file of the default branch runs on it; the record is made all the same', async () => {
    await both();
    const heard = { [`${FOLDER}/heard.yml`]: 'on: [push, status]\njobs: {}\n' };
    world.sha = await world.simulator.push({ branch: 'main', files: heard });
    const { id } = await world.deployed('building');
    await pass();
    await world.simulator.push({ branch: 'main', files: { [`${FOLDER}/heard.yml`]: null } });
    expect([world.records().length, world.marks()]).toEqual([1, []]);
    expect(await told(id)).toMatch(/told: in progress\. At the commit: .*heard\.yml/);
  });

  test('of ours is known by its exact name: one for each target, and no other that begins like it', async () => {
    const marks = await ownMarks(world.database.db);
    const { serial } = world;
    expect(marks.has(`aetherstack/backend${serial}/staging${serial}`)).toBe(true);
    expect(marks.has('aetherstack/lint')).toBe(false);
  });
});

describe('one way’s trouble', () => {
  test('is remembered for that way alone, and is asked about once', async () => {
    await both();
    let asked = 0;
    world.wire = async (request, send) => {
      if (!isMark(request)) return send();
      asked++;
      return noRight();
    };
    const { id } = await world.deployed('queued');
    await pass();
    await world.becomes(id, 'building');
    await pass();
    await world.becomes(id, 'succeeded');
    await pass();
    expect([asked, world.statesSaid()]).toEqual([1, ['queued', 'in_progress', 'success']]);
    expect(await world.rowOf(id)).toMatchObject({ state: 'open', code: null, markCode: 'missing_permission' });
    expect(await told(id)).toMatch(/^GitHub was told: live\. At the commit: .*lacks/);
  });

  test('a credential that is refused right after the record was made does not leave the record without a word', async () => {
    const { id } = await world.deployed('building');
    world.wire = async (request, send) => (request.url.endsWith('/statuses') ? refuse(401, 'Bad credentials') : send());
    await pass();
    expect(await world.rowOf(id)).toMatchObject({ state: 'open', code: 'credential_refused', said: null });
    world.wire = (_, send) => send();
    await world.due();
    await pass();
    expect([world.records().length, world.statesSaid()]).toEqual([1, ['in_progress']]);
    expect(await world.rowOf(id)).toMatchObject({ code: null });
  });

  test('a target that gets another label between a lost answer and the next try still has one record', async () => {
    const { id } = await world.deployed('building');
    world.wire = async (request, send) => {
      const answer = await send();
      return isCreate(request) ? new Response('', { status: 502 }) : answer;
    };
    await pass();
    world.wire = (_, send) => send();
    const { db } = world.database;
    await db.update(targets).set({ label: 'renamed' }).where(eq(targets.id, world.target.id));
    await world.due();
    await pass();
    expect(world.records()).toHaveLength(1);
    expect((await world.rowOf(id)).said).toBe('in_progress');
  });
});

describe('files that are not read', () => {
  test('one over 1 MB is named, and it is told all the same', async () => {
    const big = `on: deployment\njobs: {}\n#${'x'.repeat(1_050_000)}\n`;
    world.sha = await world.simulator.push({ branch: 'main', files: { [`${FOLDER}/big.yml`]: big } });
    const { id } = await world.deployed('building');
    await pass();
    await world.becomes(id, 'succeeded');
    await pass();
    await world.simulator.push({ branch: 'main', files: { [`${FOLDER}/big.yml`]: null } });
    expect(world.statesSaid()).toEqual(['in_progress', 'success']);
    expect(await told(id)).toBe('GitHub was told: live. Larger than 1 MB, so not looked at before: big.yml.');
  });

  test('a folder that is not shown is no proof: nothing is made, and that is said', async () => {
    world.wire = async (request, send) =>
      /\/(contents|commits)\//.test(request.url) ? refuse(404, 'Not Found') : send();
    const { id } = await world.deployed('building');
    await pass();
    expect([world.records(), (await world.rowOf(id)).code]).toEqual([[], 'not_known']);
    expect(await told(id)).toContain('is not shown to this connection');
  });
});

describe('the queue of what is to be told', () => {
  test('a connection has two places in a pass, so that others have theirs', async () => {
    for (let at = 0; at < 4; at++) await world.deployed('queued');
    await pass();
    await world.database.db.update(announcements).set({ nextTryAt: sql`now()`, state: 'open' }).where(mine());
    expect(await claim(world.worker(), 10)).toHaveLength(2);
  });

  test('what takes down whoever touches it is set aside', async () => {
    const { id } = await world.deployed('building');
    await pass();
    await world.database.db
      .update(announcements)
      .set({ remoteId: null, askedAt: null, said: null, nextTryAt: sql`now()` })
      .where(mine());
    for (let at = 0; at < 10; at++) {
      await claim(world.worker(), 10);
      await world.due();
    }
    expect(await pass()).toBe(0);
    expect(await world.rowOf(id)).toMatchObject({ state: 'dead', code: 'set_aside' });
  });

  const mine = () => eq(announcements.targetId, world.target.id);
});

test('an example team’s past: a connection without a credential is left alone, and the others are told', async () => {
  const worker = world.worker();
  const { openConnection } = worker;
  const live: string[] = [];
  for (let at = 0; at < 2; at++) {
    await world.begin();
    await world.database.db
      .update(environments)
      .set({ isProduction: true })
      .where(eq(environments.id, world.target.environmentId));
    const { id } = await world.deployed('building');
    await world.becomes(id, 'succeeded');
    live.push(world.target.connectionId);
  }
  const asked: string[] = [];
  const ctx = {
    ...worker,
    openConnection: async (id: string) => {
      asked.push(id);
      if (asked.length === 1) throw new ServiceError('conflict', 'credential_missing', 'It has none.');
      return openConnection(id);
    },
  };
  await tellSeeded(ctx);
  expect(asked.toSorted()).toEqual(live.toSorted());
  expect(world.statesSaid()).toEqual(['success']);
});
