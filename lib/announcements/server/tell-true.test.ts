import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { repositoryFiles } from '@/lib/sandbox/repository-files';
import { isCreate, isMark, noRight, refuse, type TellWorld, tellWorld } from '../testing/tell-world';
import { readTold, setTelling, tellDue } from '.';

let world: TellWorld;
beforeAll(async () => {
  world = await tellWorld(await repositoryFiles());
});
afterAll(() => world.database.close());
beforeEach(() => world.begin());

const both = () => setTelling(world.admin(), { targetId: world.target.id, telling: 'record_and_commit' });
const pass = () => tellDue(world.worker());
const told = async (id: string) => (await readTold(world.database.db, id, 'GitHub'))?.sentence ?? '';
const isSay = (request: Request) => request.method === 'POST' && /\/deployments\/[^/]+\/statuses$/.test(request.url);
const open = () => {
  world.wire = (_, send) => send();
};
const REFUSALS: [number, string][] = [
  [403, 'Resource not accessible by integration'],
  [403, 'the `acme` organization has an IP allow list enabled'],
  [403, 'This installation has been suspended'],
  [404, 'Not Found'],
  [422, 'Validation Failed'],
];

describe('what is shown becomes true', () => {
  test.each(REFUSALS)('after a refusal of the last word at the record: %i %s', async (status, message) => {
    for (const end of ['succeeded', 'failed'] as const) {
      await world.begin();
      const { id } = await world.deployed('building');
      await pass();
      world.wire = async (request, send) => (isSay(request) ? refuse(status, message) : send());
      await world.becomes(id, end);
      await pass();
      expect(await world.rowOf(id)).toMatchObject({ state: 'open', said: 'in_progress', nextTryAt: expect.any(Date) });
      expect(await told(id)).toContain('It is tried again');
      open();
      await world.due();
      await pass();
      const last = end === 'succeeded' ? 'success' : 'failure';
      expect(world.statesSaid()).toEqual(['in_progress', last]);
      expect(await told(id)).toBe(`GitHub was told: ${end === 'succeeded' ? 'live' : 'failed'}.`);
    }
  });

  test.each(REFUSALS)('at the record, whatever is refused at the commit: %i %s', async (status, message) => {
    await both();
    world.wire = async (request, send) => (isMark(request) ? refuse(status, message) : send());
    const { id } = await world.deployed('building');
    await pass();
    await world.becomes(id, 'succeeded');
    await pass();
    expect(world.statesSaid()).toEqual(['in_progress', 'success']);
    expect(await world.rowOf(id)).toMatchObject({ state: 'open', code: null, markCode: expect.any(String) });
  });

  test('at the commit, after a refusal there', async () => {
    await both();
    const { id } = await world.deployed('building');
    await pass();
    world.wire = async (request, send) => (isMark(request) ? noRight() : send());
    await world.becomes(id, 'failed');
    await pass();
    expect(world.statesSaid()).toEqual(['in_progress', 'failure']);
    expect(await world.rowOf(id)).toMatchObject({ state: 'open', nextTryAt: expect.any(Date) });
    open();
    await world.due();
    await pass();
    expect(world.marks()).toEqual(['pending', 'failure']);
    expect(await world.rowOf(id)).toMatchObject({ state: 'done', markCode: null });
  });

  test('also where nobody knows whether a record is there, after an outage of half an hour', async () => {
    const { id } = await world.deployed('building');
    world.wire = async (request, send) => {
      const answer = await send();
      return isCreate(request) ? refuse(502, '') : answer;
    };
    await pass();
    world.wire = async () => refuse(502, '');
    for (let at = 0; at < 11; at++) {
      await world.due();
      await pass();
    }
    open();
    await world.becomes(id, 'succeeded');
    await world.due();
    await pass();
    expect([world.records().length, world.statesSaid()]).toEqual([1, ['success']]);
  });

  test('a record that was refused was not made, so nothing is looked for', async () => {
    world.wire = async (request, send) => (isCreate(request) ? refuse(422, 'Validation Failed') : send());
    const { id } = await world.deployed('building');
    await pass();
    expect(await world.rowOf(id)).toMatchObject({ state: 'refused', askedAt: null, nextTryAt: null });
  });

  test('one that was asked for, never made and called off meanwhile stays untold', async () => {
    const { id } = await world.deployed('building');
    world.wire = async (request, send) => (isCreate(request) ? refuse(502, '') : send());
    await pass();
    open();
    await world.becomes(id, 'cancelled');
    await world.due();
    await pass();
    expect(world.records()).toEqual([]);
    expect(await world.rowOf(id)).toMatchObject({ state: 'left', askedAt: null });
  });
});

/** Each was left saying what is not so: what was found in review. */
describe('whatever comes in between', () => {
  const lost = (isIt: (request: Request) => boolean) => async (request: Request, send: () => Promise<Response>) => {
    const answer = await send();
    return isIt(request) ? refuse(502, '') : answer;
  };
  const noMark = async (request: Request, send: () => Promise<Response>) => (isMark(request) ? noRight() : send());
  const passes = async (times: number) => {
    for (let at = 0; at < times; at++) await pass();
  };

  test('a refusal at the commit keeps nothing from the record, nor one at the record the next word there', async () => {
    await both();
    const { id } = await world.deployed('queued');
    await pass();
    world.wire = noMark;
    await world.becomes(id, 'building');
    await pass();
    await world.becomes(id, 'succeeded');
    await passes(2);
    expect(world.statesSaid()).toEqual(['queued', 'in_progress', 'success']);
    const waits = await world.rowOf(id);
    await passes(2);
    expect(await world.rowOf(id), 'without news nobody asks again').toEqual(waits);
    await world.begin();
    const other = await world.deployed('queued');
    await pass();
    world.wire = async (request, send) => (isSay(request) ? refuse(404, 'Not Found') : send());
    await world.becomes(other.id, 'building');
    await pass();
    open();
    await world.becomes(other.id, 'succeeded');
    await passes(2);
    expect(world.statesSaid()).toEqual(['queued', 'success']);
  });

  test('a limit is waited for, whatever comes', async () => {
    const { id } = await world.deployed('queued');
    await pass();
    let asked = 0;
    world.wire = async () => {
      asked++;
      return Response.json({ message: 'x' }, { status: 429, headers: { 'retry-after': '1800' } });
    };
    await world.becomes(id, 'building');
    await pass();
    await world.becomes(id, 'succeeded');
    await passes(2);
    expect([asked, (await world.rowOf(id)).tried]).toEqual([1, null]);
  });

  test('of three at one commit, two called off one after the other, the one that ran has the last word', async () => {
    await both();
    const ran = await world.deployed('building');
    await pass();
    await world.becomes(ran.id, 'succeeded');
    await pass();
    const [second, third] = [await world.deployed('queued'), await world.deployed('queued')];
    await pass();
    await world.becomes(second.id, 'superseded');
    await passes(2);
    await world.becomes(third.id, 'cancelled');
    for (let at = 0; at < 4; at++) {
      // One that was asked to say its word again while it was told waits for the end of that lease.
      await world.due();
      await pass();
    }
    expect([world.marks()[1], world.marks().at(-1)]).toEqual(['success', 'success']);
    expect((await world.rowOf(third.id)).state).toBe('done');
  });

  test.each([
    ['a right that is gone', 1, noMark],
    [
      'an outage of half an hour',
      11,
      async (request: Request, send: () => Promise<Response>) => (isMark(request) ? refuse(502, '') : send()),
    ],
  ] as const)('a word whose answer was lost becomes true after %s', async (_, times, wire) => {
    await both();
    const { id } = await world.deployed('building');
    world.wire = lost(isMark);
    await pass();
    world.wire = wire;
    await world.becomes(id, 'failed');
    for (let at = 0; at < times; at++) {
      await world.due();
      await pass();
    }
    open();
    await world.due();
    await passes(2);
    expect(world.marks()).toEqual(['pending', 'failure']);
  });

  test('a first word that was refused is not there, so nothing is asked about it again', async () => {
    await both();
    world.wire = noMark;
    const { id } = await world.deployed('building');
    await pass();
    expect(await world.rowOf(id)).toMatchObject({ markName: null, markCode: 'missing_permission', nextTryAt: null });
  });

  test.each([
    ['succeeded', 'success'],
    ['failed', 'failure'],
  ] as const)('one that %s says its word again also when that is refused once', async (end, word) => {
    await both();
    const older = await world.deployed('building');
    await pass();
    await world.becomes(older.id, end);
    await pass();
    const newer = await world.deployed('queued');
    await pass();
    world.wire = noMark;
    await world.becomes(newer.id, 'cancelled');
    await passes(2);
    expect(await told(older.id)).toContain('It is tried again');
    open();
    await world.due();
    await passes(2);
    expect(world.marks().at(-1)).toBe(word);
  });
});
