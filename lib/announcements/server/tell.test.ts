import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '@/lib/db/client';
import { announcements, deployments, targets } from '@/lib/db/schema';
import { openTestDatabase, personActor, testContext } from '@/lib/db/testing/context';
import { makeComponent, makeConnection, makeDeployment, makeEnvironment, makeTarget } from '@/lib/db/testing/factories';
import type { DeploymentStatus } from '@/lib/deployments/model/status';
import { Secret } from '@/lib/kernel/secret';
import { memoryWorld } from '@/lib/providers/conformance/harness';
import { createGithubSimulator } from '@/lib/providers/github/simulator';
import type { AnyProvider } from '@/lib/providers/port';
import { providers } from '@/lib/providers/registry.generated';
import { repositoryFiles } from '@/lib/sandbox/repository-files';
import { readTold, setTelling, tellDue } from '.';
import { ClaimLost, claim } from './claims';
import { tell } from './tell';

const files = await repositoryFiles();
const WORKFLOW = 'plain.yml';
const PLAIN = 'on: workflow_dispatch\njobs: { put: { runs-on: ubuntu-latest, steps: [{ run: make }] } }\n';
type Row = typeof announcements.$inferSelect;

let database: Database;
let simulator: ReturnType<typeof createGithubSimulator>;
let world: ReturnType<typeof memoryWorld>;
let target: typeof targets.$inferSelect;
let sha: string;
let serial = 0;
let before = 0;
/** Stands between the adapter and GitHub. */
let wire: (request: Request, send: () => Promise<Response>) => Promise<Response>;

beforeAll(async () => {
  database = await openTestDatabase();
  world = memoryWorld();
  simulator = createGithubSimulator(world, { seed: 7, files });
});
afterAll(() => database.close());

beforeEach(async () => {
  world.set({ down: false, rateLimited: false });
  wire = (_, send) => send();
  const plain = { [`.github/workflows/${WORKFLOW}`]: PLAIN, '.github/workflows/smoke.yml': null };
  sha = await simulator.push({ branch: 'main', files: plain });
  before = world.facts().length;
  const connection = await makeConnection(database.db, { providerId: 'github' });
  const environment = await makeEnvironment(database.db, { slug: `staging${++serial}` });
  const component = await makeComponent(database.db, { slug: `backend${serial}` });
  const config = { repository: 'aetherstack/aetherstack', workflow: WORKFLOW, defaultRef: 'main' };
  target = await makeTarget(database.db, { connection, component, environment, config });
  // What other tests of this file left is theirs.
  await database.db.update(announcements).set({ state: 'done', nextTryAt: null, said: null, marked: null });
});

function worker(token = 'sandbox-token') {
  return testContext(database.db, {
    openConnection: async (connectionId) => ({
      provider: providers.github as AnyProvider,
      context: {
        connectionId,
        origin: 'https://api.github.com',
        credential: { kind: 'token', token: new Secret(token) },
        fetch: (input, init) => {
          const request = new Request(input, init);
          return wire(request.clone(), () => simulator.handle(request));
        },
        now: () => Date.now(),
      },
    }),
  });
}

const deployed = (status: DeploymentStatus, more = {}) => makeDeployment(database.db, target, status, { sha, ...more });
const rowOf = async (id: string): Promise<Row> => {
  const [row] = await database.db.select().from(announcements).where(eq(announcements.deploymentId, id));
  if (!row) throw new Error('Nothing is to be told.');
  return row;
};
async function becomes(id: string, status: DeploymentStatus): Promise<void> {
  const ended = status === 'succeeded' || status === 'failed';
  await database.db
    .update(deployments)
    .set({ status, version: sql`${deployments.version} + 1`, nextCheckAt: null, finishedAt: ended ? sql`now()` : null })
    .where(eq(deployments.id, id));
  if (status === 'succeeded')
    await database.db.update(targets).set({ currentDeploymentId: id }).where(eq(targets.id, target.id));
}
const due = () => database.db.update(announcements).set({ nextTryAt: sql`now()` }).where(sql`next_try_at is not null`);
const facts = (kind: string) =>
  world
    .facts()
    .slice(before)
    .filter((fact) => fact.kind === kind);
const records = () => facts('deployment.created');
const statesSaid = () => facts('deployment.said').map(({ data }) => data.state);
const isCreate = (request: Request) => request.method === 'POST' && request.url.endsWith('/deployments');

describe('a deployment is shown by the provider', () => {
  test('from running to live to replaced, one record each, with the way back here', async () => {
    const first = await deployed('building', { remoteUrl: 'https://github.com/a/b/actions/runs/1' });
    await tellDue(worker());
    await becomes(first.id, 'succeeded');
    await tellDue(worker());
    expect(statesSaid()).toEqual(['in_progress', 'success']);
    const [record] = records();
    expect(record?.data).toMatchObject({ sha, production: false, payload: { aetherstack: { marker: first.id } } });
    expect(facts('deployment.said')[0]?.data).toMatchObject({ logUrl: 'https://github.com/a/b/actions/runs/1' });
    expect(await readTold(database.db, first.id, 'GitHub')).toMatchObject({
      tone: 'good',
      sentence: 'GitHub was told: live.',
      url: expect.stringContaining('github.com/aetherstack/aetherstack/deployments/'),
    });
    await tellDue(worker());
    expect(statesSaid()).toHaveLength(2);

    const second = await deployed('building');
    await becomes(second.id, 'succeeded');
    await tellDue(worker());
    expect(statesSaid().slice(2).sort()).toEqual(['inactive', 'success']);
    expect(records()).toHaveLength(2);
    expect((await rowOf(first.id)).state).toBe('done');
  });
  test('what was called off before anybody was told, what ended long ago and what waits for people stays untold', async () => {
    await deployed('cancelled');
    await deployed('awaiting_approval');
    await deployed('failed', { finishedAt: new Date(Date.now() - 3_600_000) });
    await tellDue(worker());
    expect(records()).toEqual([]);
  });
});

describe('exactly one record', () => {
  test('a process that dies between the answer and its own commit leaves one that the next one finds', async () => {
    const { id } = await deployed('building');
    const reached = Promise.withResolvers<void>();
    wire = async (request, send) => {
      const answer = await send();
      if (!isCreate(request)) return answer;
      reached.resolve();
      return new Promise<Response>(() => undefined);
    };
    void tellDue(worker());
    await reached.promise;
    expect(await rowOf(id)).toMatchObject({ remoteId: null, askedAt: expect.any(Date) });
    wire = (_, send) => send();
    // Its lease still holds.
    expect(await tellDue(worker())).toBe(0);
    await due();
    await tellDue(worker());
    expect(records()).toHaveLength(1);
    expect(await rowOf(id)).toMatchObject({ said: 'in_progress', remoteId: String(records()[0]?.data.id) });
  });
  test('a lost answer is waited out and looked up, and the deployment is not touched', async () => {
    const { id } = await deployed('building');
    wire = async (request, send) => {
      const answer = await send();
      return isCreate(request) ? new Response('', { status: 502 }) : answer;
    };
    await tellDue(worker());
    const [wait] = await database.db
      .select({ seconds: sql<number>`extract(epoch from next_try_at - now())::int` })
      .from(announcements)
      .where(eq(announcements.deploymentId, id));
    expect(wait?.seconds).toBeGreaterThanOrEqual(58);
    expect((await readTold(database.db, id, 'GitHub'))?.sentence).toContain('It is tried again');
    wire = (_, send) => send();
    await due();
    await tellDue(worker());
    expect(records()).toHaveLength(1);
    const [row] = await database.db.select().from(deployments).where(eq(deployments.id, id));
    expect(row).toMatchObject({ status: 'building', version: 1, troubleCount: 0 });
  });
  test('one that stood still says nothing any more, and ten at once make one record', async () => {
    const { id } = await deployed('building');
    await Promise.all(Array.from({ length: 10 }, () => tellDue(worker())));
    expect([records().length, statesSaid()]).toEqual([1, ['in_progress']]);
    await due();
    await database.db.update(announcements).set({ nextTryAt: sql`now()` }).where(eq(announcements.deploymentId, id));
    const [stale] = await claim(worker(), 1);
    await becomes(id, 'succeeded');
    await database.db.update(announcements).set({ nextTryAt: sql`now()` }).where(eq(announcements.deploymentId, id));
    await tellDue(worker());
    await expect(tell(worker(), stale as Row)).rejects.toBeInstanceOf(ClaimLost);
    expect(statesSaid()).toEqual(['in_progress', 'success']);
    expect(await rowOf(id)).toMatchObject({ said: 'success', state: 'open' });
  });
});

describe('what is in the way', () => {
  test('a missing permission is a notice, once, and nothing is tried again for this deployment', async () => {
    const { id } = await deployed('building');
    await tellDue(worker('readonly-token'));
    expect(await rowOf(id)).toMatchObject({ state: 'refused', nextTryAt: null });
    expect(await readTold(database.db, id, 'GitHub')).toMatchObject({
      tone: 'warn',
      sentence: expect.stringMatching(/^GitHub was not told\. .*deployments/),
    });
    await becomes(id, 'succeeded');
    expect(await tellDue(worker())).toBe(0);
  });
  test('a limit is waited for and is no failure; trouble is tried ten times and then set aside', async () => {
    const { id } = await deployed('building');
    world.set({ rateLimited: 'secondary' });
    await tellDue(worker());
    expect(await rowOf(id)).toMatchObject({ tries: 0, state: 'open' });
    world.set({ rateLimited: false, down: true });
    for (let i = 0; i < 10; i++) {
      await due();
      await tellDue(worker());
    }
    expect(await rowOf(id)).toMatchObject({ state: 'dead', nextTryAt: null });
  });

  const refuse = (status: number, message: string) => Response.json({ message }, { status });
  const noRight = () => refuse(403, 'Resource not accessible by integration');
  test('a commit that may not be marked does not silence the record, and the reverse', async () => {
    await setTelling(admin(), { targetId: target.id, telling: 'record_and_commit' });
    wire = async (request, send) => (/\/statuses\/[0-9a-f]{40}$/.test(request.url) ? noRight() : send());
    const { id } = await deployed('building');
    await tellDue(worker());
    await becomes(id, 'succeeded');
    await tellDue(worker());
    expect(statesSaid()).toEqual(['in_progress', 'success']);
    expect(await rowOf(id)).toMatchObject({ state: 'open', code: 'missing_permission' });
    wire = async (request, send) => (isCreate(request) ? noRight() : send());
    const second = await deployed('building');
    await tellDue(worker());
    await becomes(second.id, 'failed');
    await tellDue(worker());
    expect(facts('commit.status').map(({ data }) => data.state)).toEqual(['pending', 'failure']);
  });
  test('a record that is there is made true after a refused credential and after a long outage', async () => {
    const { id } = await deployed('building');
    await tellDue(worker());
    wire = async () => refuse(401, 'Bad credentials');
    await becomes(id, 'succeeded');
    await tellDue(worker());
    expect(await rowOf(id)).toMatchObject({ state: 'open', code: 'credential_refused' });
    wire = async () => new Response('', { status: 503 });
    for (let i = 0; i < 11; i++) {
      await due();
      await tellDue(worker());
    }
    expect(await rowOf(id)).toMatchObject({ state: 'open', nextTryAt: expect.any(Date) });
    wire = (_, send) => send();
    await due();
    await tellDue(worker());
    expect(statesSaid()).toEqual(['in_progress', 'success']);
  });
  test('one that the code cannot cope with does not keep the others', async () => {
    const bad = await deployed('building');
    const good = await makeDeployment(
      database.db,
      await makeTarget(database.db, { connection: { id: target.connectionId }, config: target.config as never }),
      'building',
      { sha },
    );
    const ctx = worker();
    const open = ctx.openConnection;
    let calls = 0;
    ctx.openConnection = (...args) => (calls++ === 0 ? Promise.reject(new TypeError('poison')) : open(...args));
    await tellDue(ctx);
    const states = [await rowOf(bad.id), await rowOf(good.id)].map(({ said, code }) => said ?? code);
    expect(states.sort()).toEqual(['console_bug', 'in_progress']);
  });
  test('a job that names an environment makes its own record, so ours is not made; the commit is still told', async () => {
    await setTelling(admin(), { targetId: target.id, telling: 'record_and_commit' });
    const own = PLAIN.replace('put: {', 'put: { environment: staging,');
    sha = await simulator.push({ branch: 'main', files: { [`.github/workflows/${WORKFLOW}`]: own } });
    const { id } = await deployed('building');
    await tellDue(worker());
    await becomes(id, 'failed');
    await tellDue(worker());
    expect(records()).toEqual([]);
    expect(facts('commit.status').map(({ data }) => data.state)).toEqual(['pending', 'failure']);
    expect(facts('commit.status')[0]?.data.context).toBe(`aetherstack/backend${serial}/staging${serial}`);
    expect((await readTold(database.db, id, 'GitHub'))?.sentence).toContain('“put” names an environment');
  });
  test('a file that runs on deployments is not started by ours', async () => {
    const smoke = { '.github/workflows/smoke.yml': 'on: deployment\njobs: {}\n' };
    sha = await simulator.push({ branch: 'main', files: smoke });
    const { id } = await deployed('building');
    await tellDue(worker());
    expect([records(), (await rowOf(id)).code]).toEqual([[], 'triggers']);
  });
});

function admin(role: 'admin' | 'operator' = 'admin') {
  return testContext(database.db, { actor: personActor([{ role, environmentPattern: '*' }]) });
}

test('the setting: nothing is told where it is off, and only who may change targets changes it', async () => {
  await expect(setTelling(admin('operator'), { targetId: target.id, telling: 'nothing' })).rejects.toMatchObject({
    code: 'forbidden',
  });
  await setTelling(admin(), { targetId: target.id, telling: 'nothing' });
  const { id } = await deployed('building');
  expect(await tellDue(worker())).toBe(0);
  expect(await readTold(database.db, id, 'GitHub')).toBeNull();
});
