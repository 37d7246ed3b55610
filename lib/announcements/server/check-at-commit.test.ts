import { generateKeyPairSync } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { settings } from '@/lib/db/schema';
import { Secret } from '@/lib/kernel/secret';
import { provider } from '@/lib/providers/github/adapter';
import type { Credential } from '@/lib/providers/port';
import { repositoryFiles } from '@/lib/sandbox/repository-files';
import { isCheck, noRight, PLAIN, REPOSITORY, type TellWorld, tellWorld, WORKFLOW } from '../testing/tell-world';
import { readTold, setTelling, tellDue } from '.';
import { consoleId } from './console-id';

const pem = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
}).privateKey;
const OWN = 'https://deploy.team.dev';
const APP: Credential = {
  kind: 'app',
  appId: '402117',
  installationId: '61330208',
  privateKey: new Secret(pem),
};

let world: TellWorld;
let own: string;
/** How the check of a deployment is known at GitHub. */
const idOf = ({ id }: { id: string }) => `aetherstack:${own}:${id}`;
beforeAll(async () => {
  world = await tellWorld(await repositoryFiles());
  own = await consoleId(world.database.db);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await world.database.close();
});
beforeEach(async () => {
  vi.stubEnv('NEXTAUTH_URL', OWN);
  await world.begin();
  await setTelling(world.admin(), { targetId: world.target.id, telling: 'record_and_check' });
});

const pass = () => tellDue(world.worker(APP));
const passes = async (times: number) => {
  for (let at = 0; at < times; at++) {
    await world.due();
    await pass();
  }
};
const open = () => {
  world.wire = (_, send) => send();
};
const name = () => `aetherstack/backend${world.serial}/staging${world.serial}`;

/** What GitHub shows under our name at the commit: the newest, or all there are. */
const shown = () => checksAt('latest');
const shownAll = () => checksAt('all');
async function checksAt(
  filter: 'latest' | 'all',
): Promise<{ external_id: string; status: string; conclusion: string | null }[]> {
  const query = new URLSearchParams({ check_name: name(), filter });
  const url = `https://api.github.com/repos/${REPOSITORY}/commits/${world.sha}/check-runs?${query}`;
  const headers = { authorization: 'token sandbox-token' };
  return (await (await world.simulator.handle(new Request(url, { headers }))).json()).check_runs;
}

describe('a check at the commit, written by an App', () => {
  test('is one for the deployment, moved on as it goes, with the way back here', async () => {
    const { id } = await world.deployed('queued', { remoteUrl: 'https://github.com/a/b/actions/runs/1' });
    await pass();
    await world.becomes(id, 'building');
    await pass();
    await world.becomes(id, 'succeeded');
    await pass();
    const ours = idOf({ id });
    expect(world.checks()).toEqual([`${ours} new queued`, `${ours} now in_progress`, `${ours} now success`]);
    expect(world.marks()).toEqual([]);
    expect(await shown()).toMatchObject([
      {
        ...{ name: name(), external_id: ours, status: 'completed', conclusion: 'success' },
        details_url: `${OWN}/deployments/${id}`,
        output: { title: expect.stringMatching(/^#\d+: /), summary: expect.stringContaining('[Its run](https://') },
      },
    ]);
    expect((await readTold(world.database.db, id, 'GitHub'))?.sentence).toBe('GitHub was told: live.');
  });

  test('leads to the run where the console’s address is one that only this machine can open', async () => {
    vi.stubEnv('NEXTAUTH_URL', 'http://localhost:3000');
    await world.deployed('building', { remoteUrl: 'https://github.com/a/b/actions/runs/1' });
    await pass();
    expect(await shown()).toMatchObject([{ details_url: 'https://github.com/a/b/actions/runs/1' }]);
  });

  test.each([
    ['record', 1],
    ['nothing', 0],
  ] as const)(
    'that is open is brought to its end when %s is told from then on; none is begun',
    async (telling, records) => {
      const { id } = await world.deployed('building');
      await pass();
      await setTelling(world.admin(), { targetId: world.target.id, telling });
      await world.deployed('queued');
      await world.becomes(id, 'succeeded');
      await passes(1);
      const ours = idOf({ id });
      expect(world.checks()).toEqual([`${ours} new in_progress`, `${ours} now success`]);
      expect(world.facts('deployment.said').filter(({ data }) => data.state === 'success')).toHaveLength(records);
      const told = await readTold(world.database.db, id, 'GitHub');
      expect(told?.sentence ?? null).toBe(telling === 'nothing' ? null : 'GitHub was told: live.');
    },
  );

  test('of another App is neither moved on nor closed: ours stands beside it', async () => {
    const { id } = await world.deployed('building');
    const theirs = { id: 99_900_000_000, external_id: `aetherstack:${own}:theirs`, app: { id: 1 } };
    world.wire = async (request, send) => {
      const answer = await send();
      if (request.method !== 'GET' || !/\/check-runs\?/.test(request.url)) return answer;
      const { check_runs, ...rest } = await answer.json();
      const foreign = { ...theirs, name: name(), status: 'in_progress', conclusion: null };
      return Response.json({ ...rest, check_runs: [foreign, ...check_runs] });
    };
    await pass();
    expect(world.checks()).toEqual([`${idOf({ id })} new in_progress`]);
    expect(await world.rowOf(id)).toMatchObject({ markCode: null, marked: 'in_progress' });
  });

  test('of another console through the same App is neither moved on nor closed, also under the same name', async () => {
    const change = (value: string) =>
      world.database.db.update(settings).set({ value }).where(eq(settings.key, 'console.id'));
    const theirs = await world.deployed('building');
    await pass();
    const written = `${idOf(theirs)} new in_progress`;
    expect(world.checks()).toEqual([written]);
    await change('console_another');
    try {
      const ours = await world.deployed('queued');
      await pass();
      await world.becomes(ours.id, 'succeeded');
      await pass();
      const id = `aetherstack:console_another:${ours.id}`;
      expect(world.checks()).toEqual([written, `${id} new queued`, `${id} now success`]);
      expect((await shownAll()).find(({ external_id }) => external_id === idOf(theirs))).toMatchObject({
        conclusion: null,
      });
    } finally {
      await change(own);
    }
  });

  test.each(['its own', 'a newer'])(
    'of a time before checks named their console is ended by %s deployment',
    async (by) => {
      const { id } = await world.deployed('building');
      world.wire = async (request, send) => {
        if (!isCheck(request) || request.method !== 'POST') return send();
        const body = JSON.stringify({ ...(await request.json()), external_id: `aetherstack:${id}` });
        return world.simulator.handle(new Request(request.url, { method: 'POST', headers: request.headers, body }));
      };
      await pass();
      open();
      await (by === 'its own' ? world.becomes(id, 'succeeded') : world.deployed('queued'));
      await pass();
      const end = by === 'its own' ? 'success' : 'cancelled';
      expect(world.checks().slice(0, 2)).toEqual([`aetherstack:${id} new in_progress`, `aetherstack:${id} now ${end}`]);
    },
  );

  test('that was asked for by a process that died is found, and no second one is made', async () => {
    const { id } = await world.deployed('building');
    const reached = Promise.withResolvers<void>();
    world.wire = async (request, send) => {
      const answer = await send();
      if (!isCheck(request)) return answer;
      reached.resolve();
      return new Promise<Response>(() => undefined);
    };
    void pass();
    await reached.promise;
    expect(await world.rowOf(id)).toMatchObject({ marked: null, markName: name(), markAs: 'check' });
    open();
    await world.becomes(id, 'failed');
    await passes(1);
    expect(world.checks()).toEqual([`${idOf({ id })} new in_progress`, `${idOf({ id })} now failure`]);
  });

  test('of two deployments is the newer one’s, and the older one’s again when that was called off', async () => {
    const older = await world.deployed('building');
    await pass();
    const newer = await world.deployed('queued');
    await pass();
    expect(await shown(), 'no older one stays open beside it').toMatchObject([{ external_id: idOf(newer) }]);
    await world.becomes(older.id, 'succeeded');
    await pass();
    expect(await shown()).toMatchObject([{ external_id: idOf(newer), status: 'queued' }]);
    await world.becomes(newer.id, 'cancelled');
    await passes(3);
    expect(await shown()).toMatchObject([{ external_id: idOf(older), conclusion: 'success' }]);
    expect(world.checks()).toEqual([
      `${idOf(older)} new in_progress`,
      `${idOf(older)} now cancelled`,
      `${idOf(newer)} new queued`,
      `${idOf(newer)} now cancelled`,
      `${idOf(older)} new success`,
    ]);
  });

  test.each([
    ['failed', 'failure'],
    ['timed_out', 'failure'],
  ] as const)('is never green for what %s', async (status, conclusion) => {
    const { id } = await world.deployed('building');
    await pass();
    await world.becomes(id, status);
    await pass();
    expect(world.checks().at(-1)).toBe(`${idOf({ id })} now ${conclusion}`);
  });

  test('is no check that forbids the next deployment, and another tool’s of the same name is', async () => {
    const { id } = await world.deployed('building');
    await pass();
    await world.becomes(id, 'failed');
    await pass();
    const { context } = await world.worker(APP).openConnection(world.target.connectionId);
    const target = { repository: REPOSITORY, workflow: WORKFLOW, defaultRef: 'main' };
    const read = async (names: string[]) => {
      const c = { ...context, ownMarks: async () => new Set(names) };
      return (await provider.methods.source.commit(c, target, world.sha)).checks;
    };
    // Every third commit has a success of a coverage service, by its id.
    expect(await read([name()])).toMatch(/^(none|success)$/);
    expect(await read(['aetherstack/other'])).toBe('failure');
  });
});

describe('where no check can be written', () => {
  test('a token sets a status in its place, and the page says so', async () => {
    const { id } = await world.deployed('building');
    await tellDue(world.worker());
    expect([world.checks(), world.marks()]).toEqual([[], ['pending']]);
    const told = await readTold(world.database.db, id, 'GitHub');
    expect(told?.sentence).toContain('by a status, because only an App may write a check');
    // It ends as it began, whoever signs in by then.
    await world.becomes(id, 'succeeded');
    await pass();
    expect([world.checks(), world.marks()]).toEqual([[], ['pending', 'success']]);
  });

  test('an App that may not is told so once, and the record is kept true', async () => {
    world.wire = async (request, send) => (isCheck(request) ? noRight() : send());
    const { id } = await world.deployed('building');
    await pass();
    await world.becomes(id, 'succeeded');
    await pass();
    expect(world.statesSaid()).toEqual(['in_progress', 'success']);
    expect(await world.rowOf(id)).toMatchObject({ markName: null, markCode: 'missing_permission' });
  });

  test.each(['check_run', 'check_suite'])(
    'a workflow on %s would be started by it, so none is written',
    async (event) => {
      const smoke = `on: ${event}\njobs: {}\n`;
      await world.begin({ [`.github/workflows/${WORKFLOW}`]: PLAIN, '.github/workflows/smoke.yml': smoke });
      await setTelling(world.admin(), { targetId: world.target.id, telling: 'record_and_check' });
      const { id } = await world.deployed('building');
      await pass();
      expect(world.checks()).toEqual([]);
      expect((await readTold(world.database.db, id, 'GitHub'))?.sentence).toContain('smoke.yml because of a check');
    },
  );

  test('a status that a newer check stands beside is made true all the same: neither takes the other back', async () => {
    const older = await world.deployed('building');
    await tellDue(world.worker());
    const newer = await world.deployed('queued');
    await pass();
    await world.becomes(older.id, 'failed');
    await pass();
    expect(world.marks()).toEqual(['pending', 'failure']);
    expect(await shown()).toMatchObject([{ external_id: idOf(newer), status: 'queued' }]);
  });
});

test('a first check that was refused leaves the one before it as it was told to be', async () => {
  const older = await world.deployed('building');
  await pass();
  world.wire = async (request, send) => (isCheck(request) && request.method === 'POST' ? noRight() : send());
  const newer = await world.deployed('queued');
  await pass();
  expect(await world.rowOf(newer.id)).toMatchObject({ markName: null });
  open();
  await world.becomes(older.id, 'succeeded');
  await passes(2);
  expect(await shown()).toMatchObject([{ external_id: idOf(older), conclusion: 'success' }]);
});
