import { and, eq, like, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '@/lib/db/client';
import { audit, targets } from '@/lib/db/schema';
import { openTestDatabase, personActor, testContext } from '@/lib/db/testing/context';
import { makeComponent, makeConnection, makeDeployment, makeEnvironment, makeTarget } from '@/lib/db/testing/factories';
import { Secret } from '@/lib/kernel/secret';
import { memoryWorld } from '@/lib/providers/conformance/harness';
import { createGithubSimulator } from '@/lib/providers/github/simulator';
import type { AnyProvider } from '@/lib/providers/port';
import { providers } from '@/lib/providers/registry.generated';
import { repositoryFiles } from '@/lib/sandbox/repository-files';
import { createReleaseInput } from '../model/schemas';
import { createRelease, createTag, listReleases, publishRelease, readNotes } from '.';

const files = await repositoryFiles();
const repository = 'aetherstack/aetherstack';
let database: Database;
let simulator: ReturnType<typeof createGithubSimulator>;
let world: ReturnType<typeof memoryWorld>;
let connectionId: string;
let sha: string;
let older: string;
let serial = 0;
let wire: (request: Request, send: () => Promise<Response>) => Promise<Response>;

beforeAll(async () => {
  database = await openTestDatabase();
  world = memoryWorld();
  simulator = createGithubSimulator(world, { seed: 7, files });
  older = await simulator.push({ branch: 'main', message: 'Older' });
  sha = await simulator.push({ branch: 'main', message: 'Newer' });
  const connection = await makeConnection(database.db, { providerId: 'github' });
  connectionId = connection.id;
  const component = await makeComponent(database.db, { slug: 'backend', name: 'Backend' });
  const config = { repository, workflow: 'backend-deploy.yml', defaultRef: 'main' };
  for (const slug of ['staging', 'production']) {
    const environment = await makeEnvironment(database.db, { slug, name: slug, isProduction: slug === 'production' });
    const target = await makeTarget(database.db, { connection, component, environment, config });
    await makeDeployment(database.db, target, 'succeeded', { sha: slug === 'staging' ? sha : older });
  }
});
afterAll(() => database.close());
beforeEach(() => {
  wire = (_, send) => send();
});

function as(role: 'admin' | 'operator' = 'admin', environmentPattern = '*', token = 'sandbox-token') {
  return testContext(database.db, {
    actor: personActor([{ role, environmentPattern }]),
    openConnection: async (id) => ({
      provider: providers.github as AnyProvider,
      context: {
        connectionId: id,
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

const wanted = (more = {}) =>
  createReleaseInput.parse({
    connectionId,
    repository,
    tag: `backend-v9.0.${++serial}`,
    sha,
    notes: 'What is new',
    key: `key-0000${serial}`,
    ...more,
  });
const made = (tag: string) =>
  world.facts().filter(({ kind, data }) => kind === 'release.created' && data.tag === tag).length;

/** A process that dies before it writes anything down. */
function deadAfterAnswer(db: Database['db'], dies: () => never): Database['db'] {
  return new Proxy(db, {
    get: (of, key) => (key === 'insert' || key === 'transaction' ? dies : Reflect.get(of, key)),
  });
}

describe('a release', () => {
  test('is drafted, shown with where its commit is live, and published once', async () => {
    const input = wanted();
    expect(await createRelease(as(), input)).toMatchObject({ tag: input.tag, draft: true, made: true });
    const forOperators = await listReleases(as('operator'), {});
    expect(forOperators.repositories[0]?.releases.map(({ tag }) => tag)).not.toContain(input.tag);
    const { repositories } = await listReleases(as(), {});
    const row = repositories[0]?.releases.find(({ tag }) => tag === input.tag);
    expect(row).toMatchObject({ sha, draft: true, notes: 'What is new' });
    expect(row?.live.map(({ environment }) => environment)).toEqual(['staging']);
    const place = { connectionId, repository, tag: input.tag, latest: false };
    expect(await publishRelease(as(), place)).toMatchObject({ draft: false, made: true });
    expect(await publishRelease(as(), place)).toMatchObject({ draft: false, made: false });
    const lines = (await database.db.select().from(audit)).filter(({ resourceId }) => resourceId?.endsWith(input.tag));
    expect(lines.map(({ action }) => action)).toEqual(['release.create', 'release.publish']);
  });

  test('the same press twice, also at once, makes one; another press for the same version is refused', async () => {
    const input = wanted();
    const results = await Promise.allSettled(Array.from({ length: 4 }, () => createRelease(as(), input)));
    const done = results.flatMap((each) => (each.status === 'fulfilled' ? [each.value.made] : []));
    expect(done.filter(Boolean)).toHaveLength(1);
    expect(await createRelease(as(), input)).toMatchObject({ made: false });
    expect(made(input.tag)).toBe(1);
    await expect(createRelease(as(), { ...input, key: 'another-key' })).rejects.toMatchObject({
      code: 'release_exists',
    });
    for (const changed of [{ sha: older }, { notes: 'Something else' }, { draft: false }])
      await expect(createRelease(as(), { ...input, ...changed })).rejects.toMatchObject({ code: 'release_differs' });
  });

  test('what a press finds done has its line in the audit log, once', async () => {
    const input = wanted();
    const line = (action: string) => and(eq(audit.resourceId, `${repository}@${input.tag}`), eq(audit.action, action));
    const dies = () => {
      throw new Error('killed');
    };
    const dying = (ctx: ReturnType<typeof as>) => ({ ...ctx, db: deadAfterAnswer(ctx.db, dies) });
    await expect(createRelease(dying(as()), input)).rejects.toThrow('killed');
    expect([made(input.tag), await database.db.$count(audit, line('release.create'))]).toEqual([1, 0]);
    for (let i = 0; i < 2; i++) expect(await createRelease(as(), input)).toMatchObject({ made: false });
    expect(await database.db.$count(audit, line('release.create'))).toBe(1);
    const place = { connectionId, repository, tag: input.tag, latest: false };
    await expect(publishRelease(dying(as()), place)).rejects.toThrow('killed');
    for (let i = 0; i < 2; i++) expect(await publishRelease(as(), place)).toMatchObject({ made: false });
    const [found] = await database.db.select().from(audit).where(line('release.publish'));
    expect(found?.sentence).toContain('Found done already');
    expect(await database.db.$count(audit, line('release.publish'))).toBe(1);
  });

  test('is published at what was looked at, whatever the draft says by then', async () => {
    const input = wanted();
    await createRelease(as(), input);
    let body: Record<string, unknown> = {};
    wire = async (request, send) => {
      if (request.method === 'PATCH') body = await request.clone().json();
      return send();
    };
    await publishRelease(as(), { connectionId, repository, tag: input.tag, latest: false });
    expect(body).toMatchObject({ tag_name: input.tag, target_commitish: sha, draft: false });
  });

  test('a lost answer is looked up; one of which nothing is seen is said to be unknown, and the next try is safe', async () => {
    const input = wanted();
    const isCreate = (request: Request) => request.method === 'POST' && request.url.endsWith('/releases');
    wire = async (request, send) => {
      const answer = await send();
      return isCreate(request) ? new Response('', { status: 502 }) : answer;
    };
    expect(await createRelease(as(), input)).toMatchObject({ made: true });
    expect(made(input.tag)).toBe(1);
    const next = wanted();
    wire = (request, send) => (isCreate(request) ? Promise.resolve(new Response('', { status: 502 })) : send());
    await expect(createRelease(as(), next)).rejects.toMatchObject({ code: 'outcome_unknown' });
    wire = (_, send) => send();
    expect(await createRelease(as(), next)).toMatchObject({ made: true });
    expect(made(next.tag)).toBe(1);
  });

  test('a tag that is there is never moved; one at the same commit is taken', async () => {
    const tag = `backend-v8.0.${++serial}`;
    const place = { connectionId, repository, tag };
    expect(await createTag(as(), { ...place, sha: older, message: 'Eight' })).toEqual({ tag, sha: older, made: true });
    expect(await createTag(as(), { ...place, sha: older, message: 'Eight' })).toMatchObject({ made: false });
    await expect(createTag(as(), { ...place, sha, message: 'Eight' })).rejects.toMatchObject({ code: 'tag_exists' });
    await expect(createRelease(as(), wanted({ tag }))).rejects.toMatchObject({ code: 'tag_exists' });
    expect(await createRelease(as(), wanted({ tag, sha: older, draft: false }))).toMatchObject({ made: true });
    await expect(createRelease(as(), wanted({ tag: 'protected/v1', draft: false }))).rejects.toMatchObject({
      code: 'protected_tag',
    });
  });

  test('notes are shown before anything is made, and say what is wrong with the tag before', async () => {
    const place = { connectionId, repository, tag: 'backend-v99.0.0', sha };
    const before = world.facts().length;
    expect((await readNotes(as(), place)).body).toContain('Newer');
    await expect(readNotes(as(), { ...place, previousTag: 'no-such' })).rejects.toMatchObject({ code: 'no_notes' });
    expect(world.facts()).toHaveLength(before);
  });
});

describe('who may, and where', () => {
  test('an operator reads and makes none; a place that no target names is not asked', async () => {
    await expect(createRelease(as('operator'), wanted())).rejects.toMatchObject({ code: 'forbidden' });
    await expect(createRelease(as(), wanted({ repository: 'aetherstack/handbook' }))).rejects.toMatchObject({
      code: 'place_unknown',
    });
  });

  test('what is live where one may not look is not told', async () => {
    const { repositories } = await listReleases(as('operator', 'staging'), { component: 'backend' });
    expect(repositories[0]?.live.map(({ environment }) => environment)).toEqual(['staging']);
    expect(await listReleases(as('operator', 'other'), {})).toMatchObject({ repositories: [], left: [] });
  });

  test('who may change one environment only is told that it takes all, and repositories beyond ten are named', async () => {
    const [target] = await database.db.select().from(targets).limit(1);
    const environment = { id: target?.environmentId ?? '' };
    for (let i = 0; i < 10; i++)
      await makeTarget(database.db, {
        ...{ connection: { id: connectionId }, component: await makeComponent(database.db), environment },
        config: { repository: `acme/number-${i}`, workflow: 'a.yml', defaultRef: 'main' },
      });
    const { repositories, left, changeRefusal } = await listReleases(as('admin', 'staging'), {});
    expect([repositories.length, left]).toEqual([10, [expect.stringContaining('acme/number-')]]);
    expect(changeRefusal).toContain('on all environments');
    expect((await listReleases(as(), {})).changeRefusal).toBeNull();
    await database.db.delete(targets).where(like(sql`${targets.config} ->> 'repository'`, 'acme/%'));
  });

  test('a repository that cannot be read says why, and the page stands', async () => {
    world.set({ down: true });
    const { repositories } = await listReleases(as(), {});
    world.set({ down: false });
    expect(repositories).toMatchObject([{ releases: [], problem: { code: 'vendor_error' } }]);
  });
});
