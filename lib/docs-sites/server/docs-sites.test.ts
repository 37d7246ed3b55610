import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readServiceStatus, readTargetServiceStatus } from '@/lib/connections/server';
import { readCapacity } from '@/lib/connections/server/read-capacity';
import type { Database } from '@/lib/db/client';
import { openTestDatabase, personActor, testContext } from '@/lib/db/testing/context';
import { makeComponent, makeConnection, makeDeployment, makeEnvironment, makeTarget } from '@/lib/db/testing/factories';
import { readReasons } from '@/lib/deployments/server/read-reasons';
import { Secret } from '@/lib/kernel/secret';
import { type MemoryWorld, memoryWorld } from '@/lib/providers/conformance/harness';
import { provider as github } from '@/lib/providers/github/adapter';
import { createGithubSimulator } from '@/lib/providers/github/simulator';
import { repositoryFiles } from '@/lib/sandbox/repository-files';
import { proposeNewHead, readSite, setSite } from '.';

const files = await repositoryFiles();
const REPOSITORY = 'aetherstack/aetherstack';
const config = { repository: REPOSITORY, workflow: 'docs-deploy.yml', defaultRef: 'main' };

let database: Database;
let world: MemoryWorld;
let simulator: ReturnType<typeof createGithubSimulator>;
let target: Awaited<ReturnType<typeof makeTarget>>;
let connection: Awaited<ReturnType<typeof makeConnection>>;
let slug: string;
let count = 0;
/** Requests to the status page, with the headers that they carried. */
let asked: Headers[];
/** Answers changes in the vendor's place. */
let refusal: Response | null;

beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  world = memoryWorld();
  simulator = createGithubSimulator(world, { seed: 7, files });
  asked = [];
  refusal = null;
  connection = await makeConnection(database.db, { providerId: 'github', origin: 'https://api.github.com' });
  slug = `docs${++count}`;
  const component = await makeComponent(database.db, { slug, kind: 'docs' });
  const environment = await makeEnvironment(database.db, { slug: `live${count}` });
  target = await makeTarget(database.db, { component, connection, environment, config });
  await database.db.execute('delete from service_statuses');
});

function as(role: 'admin' | 'viewer', environmentPattern = '*') {
  const context = {
    ...{ origin: 'https://api.github.com', now: () => world.now() },
    credential: { kind: 'token', token: new Secret('sandbox-token') } as const,
    fetch: async (input: RequestInfo | URL, init?: RequestInit) => {
      const request = new Request(input, init);
      return (request.method === 'PUT' && refusal?.clone()) || simulator.handle(request);
    },
  };
  return {
    ...testContext(database.db, {
      actor: personActor([{ role, environmentPattern }]),
      openConnection: async (connectionId) => ({ provider: github as never, context: { ...context, connectionId } }),
    }),
    fetchOutside: async (url: string, init?: RequestInit) => {
      asked.push(new Headers(init?.headers));
      return simulator.handle(new Request(url, init));
    },
  };
}

async function publish(): Promise<void> {
  const versions = [{ version: '1.0', title: '1.0', aliases: ['latest'] }];
  await simulator.push({
    branch: 'gh-pages',
    message: 'Deployed abc1234 to 1.0 with MkDocs 1.6.1 and mike 2.1.3',
    files: {
      'versions.json': JSON.stringify(versions),
      'index.html': '<meta http-equiv="refresh" content="1; url=latest/" />',
    },
  });
}

const lines = () => database.db.query.audit.findMany({ where: (table, { like }) => like(table.action, 'component.%') });

describe('the site of a component', () => {
  it('is read with its versions, set to the branch once it was shown, and told to be live', async () => {
    expect(await readSite(as('viewer'), { slug })).toMatchObject({
      versions: [],
      head: null,
      problems: [],
      problem: null,
    });
    await publish();
    const view = await readSite(as('admin'), { slug });
    expect(view).toMatchObject({
      ...{ repository: REPOSITORY, branch: 'gh-pages', defaultName: 'latest', changeRefusal: null },
      versions: [{ version: '1.0', aliases: ['latest'], sha: 'abc1234' }],
      problems: [{ code: 'not_from_branch', mend: { to: 'set' } }],
    });
    const { settings } = view;
    if (!settings) return expect.fail('nothing is offered');
    const input = { slug, repository: REPOSITORY, wanted: settings.wanted, shown: settings.shown };
    const unseen = {
      ...input,
      wanted: { buildType: 'branch', source: { branch: 'gh-pages', path: '/docs' } } as const,
    };
    await expect(setSite(as('admin'), unseen), 'what was not shown is not set').rejects.toMatchObject({
      code: 'site_changed',
    });
    refusal = Response.json({ message: 'Resource not accessible by integration' }, { status: 403 });
    await expect(setSite(as('admin'), input)).rejects.toMatchObject({ code: 'missing_permission' });
    refusal = null;
    await setSite(as('admin'), input);
    expect(await readSite(as('viewer'), { slug })).toMatchObject({
      ...{ settings: null, live: { tone: 'good' }, problems: [], changeRefusal: expect.any(String) },
    });
    await expect(setSite(as('admin'), input), 'what was shown is not there any more').rejects.toMatchObject({
      code: 'site_changed',
    });
    await expect(setSite(as('viewer'), input)).rejects.toMatchObject({ kind: 'forbidden' });
    expect((await lines()).map(({ sentence, outcome }) => [sentence.split(' ')[0], outcome])).toEqual([
      ...[
        ['Began', 'done'],
        ['Could', 'failed'],
      ],
      ...[
        ['Began', 'done'],
        ['Changed', 'done'],
      ],
    ]);
    const data = { repository: REPOSITORY, before: settings.now, after: settings.next };
    expect((await lines()).map((line) => line.data)).toEqual([data, data, data, data]);
  });

  it('shows nobody a repository of an environment that they may not see', async () => {
    expect(await readSite(as('viewer', 'elsewhere'), { slug })).toMatchObject({
      ...{ repositories: [], problem: { code: 'no_repository_known' } },
    });
    expect(await readCapacity(as('viewer', 'elsewhere'), { id: connection.id, repository: REPOSITORY })).toMatchObject({
      ...{ repositories: [], capacity: null },
    });
  });

  it('a burned head is named on the deployment, and a new one is proposed once', async () => {
    const { deploy, cancel, site, source } = github.methods;
    const { context } = await as('admin').openConnection(connection.id);
    const revision = await source.resolve(context, config, 'main');
    const ref = await deploy.trigger(context, config, {
      marker: 'aether-b-1',
      revision,
      inputs: { version: 'latest' },
    });
    if (!ref) return expect.fail('it did not start');
    while ((await site.publication(context, config, ref)) === null) world.advance(2_000);
    await cancel.cancel(context, config, ref);
    world.advance(60_000);
    const ended = { remoteId: ref.id, remoteAttempt: 1, remoteUrl: ref.url, sha: revision.sha };
    const row = await makeDeployment(database.db, target, 'cancelled', ended);
    const { burned } = await readReasons(as('viewer'), { deploymentId: row.id });
    expect(burned).toMatchObject({ sha: revision.sha, branch: 'main', sentence: expect.stringContaining('cancelled') });
    const first = await proposeNewHead(as('admin'), { deploymentId: row.id });
    expect(first).toMatchObject({ updated: false, url: expect.stringContaining('/pull/') });
    expect(await proposeNewHead(as('admin'), { deploymentId: row.id })).toEqual({ ...first, updated: true });
    const other = await makeDeployment(database.db, target, 'cancelled', { ...ended, ref: 'v1', refKind: 'tag' });
    await expect(proposeNewHead(as('admin'), { deploymentId: other.id })).rejects.toMatchObject({
      code: 'other_branch',
    });
    const fine = await makeDeployment(database.db, target, 'failed', { sha: revision.sha });
    await expect(proposeNewHead(as('admin'), { deploymentId: fine.id })).rejects.toMatchObject({
      code: 'head_not_burned',
    });
    await expect(proposeNewHead(as('viewer'), { deploymentId: row.id })).rejects.toMatchObject({ kind: 'forbidden' });
  });

  it('a deployment whose runners are away says so, and whose incident it is', async () => {
    world.set({ runnersAway: true, incident: true });
    const { context } = await as('admin').openConnection(connection.id);
    const revision = await github.methods.source.resolve(context, config, 'main');
    const wanted = { marker: 'aether-w-1', revision, inputs: { version: 'latest' } };
    const ref = await github.methods.deploy.trigger(context, config, wanted);
    const row = await makeDeployment(database.db, target, 'building', {
      ...{ remoteId: ref?.id ?? '', remoteAttempt: 1, waitingFor: 'a free runner' },
    });
    expect(await readReasons(as('viewer'), { deploymentId: row.id })).toMatchObject({
      waits: [{ sentence: expect.stringContaining('0 of 2 online') }],
      service: { incidents: [{ parts: ['Actions'] }] },
      problem: null,
    });
    await expect(readReasons(as('viewer', 'elsewhere'), { deploymentId: row.id })).rejects.toMatchObject({
      kind: 'notFound',
    });
    const { capacity } = await readCapacity(as('viewer'), { id: connection.id });
    expect(capacity).toMatchObject({
      runners: { total: 2 },
      open: expect.arrayContaining([expect.objectContaining({ title: expect.stringContaining('aether-w-1') })]),
    });
  });
});

describe('the provider’s own status', () => {
  it('is asked once a minute for all instances, without a credential, and by whoever sees the target', async () => {
    world.set({ incident: true });
    const all = await Promise.all([1, 2, 3].map(() => readServiceStatus(as('viewer'), { id: connection.id })));
    expect(asked).toHaveLength(1);
    expect([...(asked[0]?.keys() ?? [])]).toEqual(['accept']);
    expect(all.map(({ service }) => service?.page)).toContain('https://www.githubstatus.com');
    expect((await readTargetServiceStatus(as('viewer'), { targetId: target.id })).service).toMatchObject({
      ...{ provider: 'GitHub Actions', problem: null, incidents: [{ name: 'Incident with Actions' }] },
    });
    expect(asked, 'kept for a minute').toHaveLength(1);
    await expect(readTargetServiceStatus(as('viewer', 'else'), { targetId: target.id })).rejects.toMatchObject({
      kind: 'notFound',
    });
  });

  it('that does not answer is part of the answer, and is not asked again at once', async () => {
    const ctx = { ...as('viewer'), fetchOutside: async () => new Response('<html>', { status: 200 }) };
    const { service } = await readServiceStatus(ctx, { id: connection.id });
    expect(service).toMatchObject({ incidents: [], readAt: null, problem: expect.stringContaining('not understood') });
    await readServiceStatus(as('viewer'), { id: connection.id });
    expect(asked).toEqual([]);
    await database.db.execute("update service_statuses set asked_at = now() - interval '2 minutes'");
    const read = async () => (await readServiceStatus(as('viewer'), { id: connection.id })).service;
    expect(await read()).toMatchObject({ problem: null, readAt: expect.any(String) });
    await database.db.execute("update service_statuses set read_at = now() - interval '16 minutes'");
    expect(await read(), 'what is old is not read').toMatchObject({ problem: null, readAt: null });
  });

  it('is not the one of an installation of one’s own', async () => {
    const own = await makeConnection(database.db, { providerId: 'github', origin: 'https://ghe.example.com' });
    expect(await readServiceStatus(as('viewer'), { id: own.id })).toEqual({ service: null });
    expect(asked).toEqual([]);
  });
});
