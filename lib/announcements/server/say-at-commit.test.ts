import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { announcements, targets } from '@/lib/db/schema';
import { repositoryFiles } from '@/lib/sandbox/repository-files';
import { isCreate, isMark, type TellWorld, tellWorld } from '../testing/tell-world';
import { setTelling, tellDue } from '.';
import { ownMarks } from './own-marks';

let world: TellWorld;
beforeAll(async () => {
  world = await tellWorld(await repositoryFiles());
});
afterAll(() => world.database.close());
beforeEach(() => world.begin());

const both = () => setTelling(world.admin(), { targetId: world.target.id, telling: 'record_and_commit' });
const pass = () => tellDue(world.worker());

describe('the word at a commit', () => {
  test('is the older one’s again, when the newer was called off before it ran', async () => {
    await both();
    const older = await world.deployed('building');
    await pass();
    const newer = await world.deployed('queued');
    await pass();
    await world.becomes(newer.id, 'cancelled');
    await pass();
    await pass();
    await world.becomes(older.id, 'succeeded');
    await pass();
    expect(world.marks()).toEqual(['pending', 'pending', 'pending', 'success']);
    expect((await world.rowOf(newer.id)).state).toBe('done');
  });

  test('is the older one’s also when that one was silent from the start, because a newer was marked first', async () => {
    await both();
    const older = await world.deployed('building');
    const newer = await world.deployed('queued');
    const marked = Promise.withResolvers<void>();
    world.wire = async (request, send) => {
      if (isCreate(request) && (await request.clone().text()).includes(older.id)) await marked.promise;
      const answer = await send();
      if (isMark(request)) marked.resolve();
      return answer;
    };
    await pass();
    world.wire = (_, send) => send();
    await world.becomes(older.id, 'succeeded');
    await pass();
    expect(world.marks()).toEqual(['pending']);
    await world.becomes(newer.id, 'cancelled');
    await pass();
    await pass();
    expect(world.marks()).toEqual(['pending', 'success']);
  });

  test.each([
    ['before', 'succeeded', 'success'],
    ['after', 'succeeded', 'success'],
    ['before', 'failed', 'failure'],
    ['after', 'failed', 'failure'],
  ] as const)('is the older one’s that ended %s it was switched on: %s', async (when, end, word) => {
    const older = await world.deployed('building');
    await pass();
    const ends = async () => {
      await world.becomes(older.id, end);
      await pass();
    };
    if (when === 'before') await ends();
    await both();
    const newer = await world.deployed('queued');
    await pass();
    if (when === 'after') await ends();
    await world.becomes(newer.id, 'cancelled');
    await pass();
    await pass();
    expect(world.marks()).toEqual(['pending', word]);
  });

  test('is an error when what was called off is the only one', async () => {
    await both();
    const { id } = await world.deployed('building');
    await pass();
    await world.becomes(id, 'cancelled');
    await pass();
    expect(world.marks()).toEqual(['pending', 'error']);
  });

  test('is success also when something else is live by the time that it is told', async () => {
    await both();
    const { id } = await world.deployed('building');
    await pass();
    await world.becomes(id, 'succeeded');
    const sha = await world.simulator.push({ branch: 'main', files: { 'next.txt': 'x' } });
    const next = await world.deployed('building', { sha });
    await world.becomes(next.id, 'succeeded');
    await pass();
    const words = world.facts('commit.status').filter(({ data }) => data.sha === world.sha);
    expect(words.map(({ data }) => data.state)).toEqual(['pending', 'success']);
    expect(await world.rowOf(id)).toMatchObject({ said: 'inactive', marked: 'success', state: 'done' });
  });

  test('keeps its name when the target gets another, and is known as ours from then on', async () => {
    await both();
    const { db } = world.database;
    const { id } = await world.deployed('building');
    await pass();
    await db.update(targets).set({ label: 'europe' }).where(eq(targets.id, world.target.id));
    await world.becomes(id, 'failed');
    await pass();
    const names = world.facts('commit.status').map(({ data }) => data.context);
    const first = `aetherstack/backend${world.serial}/staging${world.serial}`;
    expect(names).toEqual([first, first]);
    const own = await ownMarks(db);
    expect([own.has(first), own.has(`${first}/europe`)]).toEqual([true, true]);
    await db.update(announcements).set({ markName: null }).where(eq(announcements.deploymentId, id));
    expect((await ownMarks(db)).has(first)).toBe(false);
  });
});
