import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '@/lib/db/client';
import { deployments, targets } from '@/lib/db/schema';
import { openTestDatabase, personActor, testContext } from '@/lib/db/testing/context';
import { makeComponent, makeConnection, makeDeployment, makeEnvironment, makeTarget } from '@/lib/db/testing/factories';
import { Secret } from '@/lib/kernel/secret';
import { type MemoryWorld, memoryWorld } from '@/lib/providers/conformance/harness';
import { provider as github } from '@/lib/providers/github/adapter';
import { createGithubSimulator } from '@/lib/providers/github/simulator';
import { repositoryFiles } from '@/lib/sandbox/repository-files';
import { previewSwitch, readRendering } from '.';
import { readPreflight } from './preflight';
import { readApp } from './read-app';

const REPOSITORY = 'aetherstack/aetherstack';
const config = { repository: REPOSITORY, workflow: 'dashboard-deploy.yml', defaultRef: 'main' };
const FORM = 'feature/contact-form';
const files = await repositoryFiles();

let database: Database;
let world: MemoryWorld;
let simulator: ReturnType<typeof createGithubSimulator>;
let target: Awaited<ReturnType<typeof makeTarget>>;
let slug: string;
let count = 0;
/** Requests to the provider. */
let asked: string[];

beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  world = memoryWorld();
  simulator = createGithubSimulator(world, { seed: 7, files });
  asked = [];
  const connection = await makeConnection(database.db, { providerId: 'github', origin: 'https://api.github.com' });
  const component = await makeComponent(database.db, {
    slug: `dashboard${++count}`,
    kind: 'dashboard',
    paths: ['dashboard'],
  });
  slug = `staging${count}`;
  const environment = await makeEnvironment(database.db, { slug });
  target = await makeTarget(database.db, { component, connection, environment, config });
});

function as(environmentPattern = '*', role: 'admin' | 'viewer' = 'viewer') {
  const credential = { kind: 'token', token: new Secret('sandbox-token') } as const;
  const fetch = (input: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(input, init);
    asked.push(new URL(request.url).pathname);
    return simulator.handle(request);
  };
  const context = { origin: 'https://api.github.com', now: () => world.now(), credential, fetch };
  return {
    ...testContext(database.db, {
      actor: personActor([{ role, environmentPattern }]),
      openConnection: async (connectionId) => ({ provider: github as never, context: { ...context, connectionId } }),
    }),
    fetchOutside: async () => new Response('', { status: 404 }),
  };
}

const refOf = async (ref: string) => {
  const { context } = await as().openConnection(target.connectionId);
  return github.methods.source.resolve(context, config, ref);
};

describe('a preflight', () => {
  it('finds nothing in the way of what can be exported, and names the routes and the input that change', async () => {
    expect(await previewSwitch(as(), { targetId: target.id, mode: 'ssg' })).toMatchObject({
      ...{ blockers: [], warnings: [], host: 'GitHub Actions', from: null },
      routes: { gained: [], lost: ['/api/status'], changed: [] },
      routesFrom: { kind: 'sources' },
      variables: [{ name: 'rendering', from: 'ssr', to: 'ssg' }],
      revision: { ref: 'main', refKind: 'branch' },
      sources: { folder: 'dashboard' },
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it('names the server action behind a page by file and line, for SSG alone', async () => {
    const found = await previewSwitch(as(), { targetId: target.id, mode: 'ssg', ref: FORM });
    expect(found.blockers).toEqual([
      {
        ...{ code: 'server_actions', where: 'dashboard/app/contact/actions.js', line: 1 },
        sentence: expect.stringContaining('/contact leads to a server action'),
        mend: expect.any(String),
      },
    ]);
    expect(await previewSwitch(as(), { targetId: target.id, mode: 'ssr', ref: FORM })).toMatchObject({ blockers: [] });
  });

  it('is of what is live, and the same for whoever switches to what they saw', async () => {
    const { sha } = await refOf(FORM);
    const live = await makeDeployment(database.db, target, 'succeeded', { sha, ref: FORM, rendering: 'ssr' });
    await database.db
      .update(targets)
      .set({ currentDeploymentId: live.id, rendering: 'ssr' })
      .where(eq(targets.id, target.id));
    const seen = await previewSwitch(as(), { targetId: target.id, mode: 'ssg' });
    expect(seen).toMatchObject({ revision: { sha }, from: 'ssr', blockers: [{ code: 'server_actions' }] });
    const again = await readPreflight(as(), { targetId: target.id, mode: 'ssg', sha: null });
    expect(again.digest).toBe(seen.digest);
    const main = await refOf('main');
    const other = await readPreflight(as(), { targetId: target.id, mode: 'ssg', sha: main.sha, ref: main.ref });
    const typed = await previewSwitch(as(), { targetId: target.id, mode: 'ssg', ref: 'main' });
    expect(other.digest).toBe(typed.digest);
    expect(other.digest).not.toBe(seen.digest);
  });

  it('reads the other routes from the record of what is live, and of no other build', async () => {
    const { sha } = await refOf('main');
    const { id } = await makeDeployment(database.db, target, 'succeeded', { sha, ref: 'main', rendering: 'ssr' });
    const record = (of: string | null) => ({
      ...{ schema: 1, mode: 'ssr', sha: of, builtAt: '2026-11-27T04:00:00Z', basePath: '', marker: null },
      ...{ features: [], baked: [] },
      routes: [
        { path: '/', kind: 'dynamic' },
        { path: '/gone', kind: 'static' },
      ],
    });
    const probe = { url: 'https://status.example/here/version', field: null, says: 'sha' as const, withinMinutes: 5 };
    await database.db
      .update(targets)
      .set({ probe, currentDeploymentId: id, rendering: 'ssr' })
      .where(eq(targets.id, target.id));
    const look = (of: string | null) => {
      // Beside the version address it is broken; the record is at the root.
      const answer = (url: string) =>
        url.includes('/here/') ? new Response('', { status: 503 }) : Response.json(record(of));
      const ctx = { ...as(), fetchOutside: async (url: string | URL | Request) => answer(String(url)) };
      return previewSwitch(ctx, { targetId: target.id, mode: 'ssg' });
    };
    expect(await look(sha)).toMatchObject({
      routes: { gained: ['/about'], lost: ['/gone'], changed: [{ path: '/', from: 'dynamic', to: 'static' }] },
      routesFrom: { kind: 'record', address: 'https://status.example/.well-known/aetherstack.json' },
    });
    for (const other of ['b'.repeat(40), null])
      expect(await look(other)).toMatchObject({ routesFrom: { kind: 'sources' }, routes: { lost: ['/api/status'] } });
  });

  it('has another digest for another host, mode of before, or branch', async () => {
    const { sha, ref } = await refOf('main');
    const look = async (branch = ref) =>
      (await readPreflight(as(), { targetId: target.id, mode: 'ssg', sha, ref: branch })).digest;
    const set = (change: Partial<typeof target>) =>
      database.db.update(targets).set(change).where(eq(targets.id, target.id));
    const digests = [await look(), await look('release')];
    await set({ rendering: 'ssr' });
    digests.push(await look());
    const other = await makeConnection(database.db, { providerId: 'github', origin: 'https://ghe.example' });
    await set({ connectionId: other.id });
    digests.push(await look());
    expect(new Set(digests).size).toBe(4);
  });

  it('names the other apps of the folders, of which one is looked at', async () => {
    const more = [['dashboard/examples/next.config.mjs', 'export default {};']] as const;
    simulator = createGithubSimulator(world, { seed: 7, files: new Map([...files, ...more]) });
    const { warnings, sources } = await previewSwitch(as(), { targetId: target.id, mode: 'ssg' });
    expect(sources).toMatchObject({ folder: 'dashboard' });
    const sentence = expect.stringContaining('dashboard was looked at, dashboard/examples was not');
    expect(warnings).toMatchObject([{ code: 'not_looked_at', sentence }]);
  });

  it('looks at the folder that the host builds, and says when no app lies there', async () => {
    const app = (folder: string) => [`${folder}/next.config.mjs`, 'export default {};'] as const;
    const more = [app('dashboard/examples'), app('elsewhere'), app('frontend/apps/web')];
    simulator = createGithubSimulator(world, { seed: 7, files: new Map([...files, ...more]) });
    const { context } = await as().openConnection(target.connectionId);
    const at = { open: { provider: github as never, context }, config, sha: (await refOf('main')).sha, follow: null };
    const looked = async (folder: string) => {
      const read = await readApp({ ...at, folders: ['dashboard'], builds: { folder, host: 'Vercel' } });
      return [read?.folder, ...(read?.notBuilt ? [read.notBuilt] : []), ...(read?.left ?? [])];
    };
    expect(await looked('dashboard')).toEqual(['dashboard']);
    expect(await looked('dashboard/examples'), 'not the first').toEqual(['dashboard/examples']);
    expect(await looked('elsewhere'), 'not among the component’s folders').toEqual(['elsewhere']);
    expect(await looked('backend')).toEqual([
      'dashboard',
      'Vercel begins its builds in backend, where no Next.js app was found; the one in dashboard was looked at.',
      expect.stringContaining('dashboard/examples was not'),
    ]);
    const workspace = { ...at, builds: { folder: 'frontend', host: 'Netlify' } };
    const below = await readApp({ ...workspace, folders: ['elsewhere', 'frontend'] });
    expect(below, 'the command of a workspace goes on into its app').toMatchObject({
      ...{ folder: 'frontend/apps/web', notBuilt: null },
      left: [expect.stringContaining('begins its builds in frontend'), expect.stringContaining('elsewhere was not')],
    });
    const beside = await readApp({ ...workspace, folders: ['elsewhere'] });
    expect(beside, 'and out of it into none').toMatchObject({
      ...{ folder: 'elsewhere', notBuilt: expect.stringContaining('begins its builds in frontend') },
    });
    const top = await readApp({ ...at, folders: ['dashboard'], builds: { folder: '', host: 'Vercel' } });
    expect(top, 'a command may go on into any folder').toMatchObject({
      notBuilt: null,
      left: expect.arrayContaining([expect.stringContaining('begins its builds in the top of the repository')]),
    });
  });

  it('lets no app be exported that the host does not build', async () => {
    const ctx = as();
    const openConnection: typeof ctx.openConnection = async (id) => {
      const open = await ctx.openConnection(id);
      const { methods } = open.provider;
      const host = methods.rendering ?? expect.fail('no modes');
      const read: typeof host.read = async (...asked) => ({ ...(await host.read(...asked)), folder: 'backend' });
      return { ...open, provider: { ...open.provider, methods: { ...methods, rendering: { ...host, read } } } };
    };
    const look = (mode: 'ssg' | 'ssr') => previewSwitch({ ...ctx, openConnection }, { targetId: target.id, mode });
    const found = { code: 'other_folder', sentence: expect.stringContaining('begins its builds in backend') };
    expect((await look('ssg')).blockers).toMatchObject([found]);
    const server = await look('ssr');
    expect(server.blockers).toEqual([]);
    expect(server.warnings, 'a server can run whatever builds').toMatchObject([found]);
  });

  it('that could read no sources says so, and lets nothing be exported unseen', async () => {
    const asking = { targetId: target.id, mode: 'ssg' as const };
    const lost = await previewSwitch(as(), { ...asking, ref: 'no-such-branch' });
    expect(lost).toMatchObject({ revision: null, sources: null, routes: null, blockers: [{ where: null }] });
    world.set({ down: true });
    expect((await previewSwitch(as(), asking)).blockers).not.toEqual([]);
    world.set({ down: false });
    const docs = await makeComponent(database.db, { slug: `none${count}`, kind: 'dashboard', paths: ['backend'] });
    await database.db.update(targets).set({ componentId: docs.id }).where(eq(targets.id, target.id));
    expect(await previewSwitch(as(), asking)).toMatchObject({ blockers: [{ code: 'no_app' }] });
  });

  it('reads no more than it is allowed to, and tells what was left', async () => {
    const { context } = await as().openConnection(target.connectionId);
    const open = { provider: github as never, context };
    const { sha } = await refOf('main');
    const at = { open, config, sha, folders: ['dashboard'], follow: { AETHERSTACK_RENDERING: 'ssg' } };
    const limits = { listed: 100, files: 2, bytes: 8_000_000, rounds: 5, atOnce: 2 };
    const app = await readApp({ ...at, limits });
    expect(app?.read.files).toBe(2);
    expect(app?.left).toEqual([expect.stringMatching(/^\d+ files? were not looked at .*at most 2 files/)]);
    const short = await readApp({ ...at, limits: { ...limits, listed: 3 } });
    expect(short?.left).toEqual([expect.stringContaining('more files than are listed')]);
  });

  it('does not read a file twice whose content it knows', async () => {
    await previewSwitch(as(), { targetId: target.id, mode: 'ssg' });
    asked = [];
    await previewSwitch(as(), { targetId: target.id, mode: 'ssg' });
    expect(asked.filter((path) => path.includes('/git/blobs/')).length, 'the settings alone').toBeLessThanOrEqual(2);
  });

  it('is shown to whoever sees the environment, and of a web dashboard alone', async () => {
    const asking = { targetId: target.id, mode: 'ssg' as const };
    await expect(previewSwitch(as('elsewhere'), asking)).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(previewSwitch(as(), { ...asking, targetId: 'tgt_none' })).rejects.toMatchObject({ kind: 'notFound' });
    const docs = await makeComponent(database.db, { slug: `docs${count}`, kind: 'docs' });
    await database.db.update(targets).set({ componentId: docs.id }).where(eq(targets.id, target.id));
    await expect(previewSwitch(as(), asking)).rejects.toMatchObject({ code: 'not_a_dashboard' });
  });
});

describe('the list of web dashboards', () => {
  it('tells the mode, its proof and what is built in, where the reader may look', async () => {
    const sha = 'a'.repeat(40);
    const rendering = { asked: 'ssr', shown: 'ssr', by: 'record', address: null, sentence: 'It says SSR.' };
    const evidence = { rendering, baked: [{ name: 'NEXT_PUBLIC_B', hash: 'b'.repeat(64) }] };
    const live = await makeDeployment(database.db, target, 'succeeded', { sha, rendering: 'ssr', evidence });
    const next = await makeDeployment(database.db, target, 'building', { sha, rendering: 'ssg' });
    await database.db
      .update(targets)
      .set({ currentDeploymentId: live.id, rendering: 'ssr' })
      .where(eq(targets.id, target.id));
    const { rows } = await readRendering(as(slug));
    expect(rows).toMatchObject([
      {
        ...{ targetId: target.id, mode: 'ssr', modes: ['ssr', 'ssg'], baked: ['NEXT_PUBLIC_B'] },
        live: { deploymentId: live.id, shown: 'ssr', proof: 'It says SSR.' },
        underWay: { deploymentId: next.id, mode: 'ssg' },
        refusal: expect.any(String),
      },
    ]);
    const told = async (baked: Record<string, unknown>) => {
      const said = { evidence: { rendering, ...baked } };
      await database.db.update(deployments).set(said).where(eq(deployments.id, live.id));
      return (await readRendering(as(slug))).rows[0]?.baked;
    };
    expect([await told({ baked: [] }), await told({})], 'none, and not told').toEqual([[], null]);
    expect((await readRendering(as(slug, 'admin'))).rows).toMatchObject([{ refusal: null }]);
    expect((await readRendering(as('elsewhere'))).rows).toEqual([]);
  });
});
