import { describe, expect, it } from 'vitest';
import { Secret } from '@/lib/kernel/secret';
import { repositoryFiles } from '@/lib/sandbox/repository-files';
import { memoryWorld } from '../conformance/harness';
import type { ProviderContext, WantedRecord } from '../port';
import { provider } from './adapter';
import { cut } from './announcements';
import { createGithubSimulator } from './simulator';
import { factsOf } from './workflow-records';

const files = await repositoryFiles();
const target = { repository: 'aetherstack/aetherstack', workflow: 'backend-deploy.yml', defaultRef: 'main' };
const { announcements, releases, source } = provider.methods;

function scene(token = 'sandbox-token') {
  const world = memoryWorld();
  const simulator = createGithubSimulator(world, { seed: 7, files });
  const sent: { method: string; path: string; body: Record<string, unknown> }[] = [];
  const c: ProviderContext = {
    connectionId: `con_${Math.random()}`,
    origin: 'https://api.github.com',
    credential: { kind: 'token', token: new Secret(token) },
    fetch: async (input, init) => {
      const request = new Request(input, init);
      const body = request.method === 'GET' ? {} : await request.clone().json();
      sent.push({ method: request.method, path: new URL(request.url).pathname, body });
      return simulator.handle(request);
    },
    now: world.now,
  };
  return { c, sent, simulator, world };
}

const wantedAt = (sha: string, marker = 'dep_1'): WantedRecord => ({
  marker,
  sha,
  environment: 'staging-backend',
  isProduction: false,
  title: '#1',
  description: 'Backend to staging',
});

describe('deployment records', () => {
  it('is made for exactly this commit, merges nothing, asks no other check, and is found by its marker', async () => {
    const { c, sent } = scene();
    const { sha } = await source.resolve(c, target, 'fix/login-loop');
    expect(await announcements.find(c, target, wantedAt(sha))).toBeNull();
    const made = await announcements.create(c, target, wantedAt(sha));
    expect(sent.at(-1)?.body).toMatchObject({ ref: sha, auto_merge: false, required_contexts: [] });
    expect(await announcements.find(c, target, wantedAt(sha))).toEqual(made);
    expect(await announcements.find(c, target, wantedAt(sha, 'dep_2'))).toBeNull();
    const said = { state: 'success' as const, description: 'Live', link: 'https://c.example/d/1', log: null };
    await announcements.say(c, target, made, said);
    expect(sent.at(-1)?.body).toMatchObject({ auto_inactive: false, environment_url: said.link, log_url: said.link });
  });

  it('tells a missing permission apart', async () => {
    const { c } = scene('readonly-token');
    const { sha } = await source.resolve(c, target, 'main');
    await expect(announcements.create(c, target, wantedAt(sha))).rejects.toMatchObject({ code: 'missing_permission' });
  });

  it('cuts a description to 140 code points', () => {
    expect([...cut('𝒳'.repeat(200))]).toHaveLength(140);
    expect(cut('short')).toBe('short');
  });

  it.each(['somebody/else', 'aetherstack/lint'])(
    'a commit’s own checks are what other tools say, “%s” too: a failed deployment does not fail the commit',
    async (other) => {
      const { c } = scene();
      const own = 'aetherstack/backend/staging';
      c.ownMarks = async () => new Set([own]);
      const { sha } = await source.resolve(c, target, 'main');
      const before = (await source.commit(c, target, sha)).checks;
      const said = { state: 'failure' as const, description: 'Failed', link: null, log: null };
      await announcements.mark(c, target, sha, own, said);
      expect((await source.commit(c, target, sha)).checks).toBe(before);
      await announcements.mark(c, target, sha, other, said);
      expect((await source.commit(c, target, sha)).checks).toBe('failure');
    },
  );

  it('a failure behind the first hundred names counts, and so does what could not be read', async () => {
    const { c, simulator } = scene();
    const { sha } = await source.resolve(c, target, 'main');
    const names = Array.from({ length: 150 }, (_, at) => ({
      context: `ci/${at}`,
      state: at === 149 ? 'failure' : 'success',
    }));
    let total = names.length;
    c.fetch = async (input, init) => {
      const url = new URL(new Request(input, init).url);
      if (!url.pathname.endsWith('/status')) return simulator.handle(new Request(input, init));
      const at = (Number(url.searchParams.get('page') ?? 1) - 1) * 100;
      return Response.json({ state: 'failure', total_count: total, statuses: names.slice(at, at + 100) });
    };
    expect((await source.commit(c, target, sha)).checks).toBe('failure');
    names.pop();
    total = 5_000;
    expect((await source.commit(c, target, sha)).checks).toBe('pending');
  });
});

const FOLDER = '.github/workflows';
const NONE = { ownRecord: null, triggered: [], unread: [], unknown: null };

describe('why a record is not made', () => {
  const ref = 'refs/heads/main';

  it('the job with an environment is seen, in the file or in one that it calls; files on deployment are named', async () => {
    const { c, sent, simulator } = scene();
    const { sha } = await source.resolve(c, target, 'main');
    expect(await announcements.obstacles(c, target, { sha, ref })).toEqual({ ...NONE, ownRecord: 'Deploy' });
    const asked = sent.length;
    await announcements.obstacles(c, target, { sha, ref });
    expect(sent.length - asked).toBe(3);
    const pushed = await simulator.push({
      branch: 'main',
      files: {
        '.github/workflows/smoke.yml': 'on: [deployment_status]\njobs: {}\n',
        '.github/workflows/backend-deploy.yml':
          'on: workflow_dispatch\njobs:\n  go:\n    uses: ./.github/workflows/called.yml\n',
        '.github/workflows/called.yml': 'on: workflow_call\njobs:\n  put:\n    environment: { name: staging }\n',
      },
    });
    expect(await announcements.obstacles(c, target, { sha: pushed, ref })).toEqual({
      ...NONE,
      ownRecord: 'put',
      triggered: ['smoke.yml'],
    });
    await simulator.push({
      branch: 'main',
      files: { '.github/workflows/smoke.yml': null, '.github/workflows/called.yml': 'on: workflow_call\njobs: {}\n' },
    });
    // An older commit is run by the file of today, and what a record starts is what was there then.
    expect(await announcements.obstacles(c, target, { sha: pushed, ref })).toEqual({
      ...NONE,
      triggered: ['smoke.yml'],
    });
  });

  it('a job that is called by the repository’s own name, or in another one, is seen; one that is not shown is no proof', async () => {
    const { c, simulator } = scene();
    const calling = async (uses: string) => {
      const text = `on: workflow_dispatch\njobs: { go: { uses: ${uses} } }\n`;
      const called = 'on: workflow_call\njobs: { put: { environment: staging } }\n';
      const files = { [`${FOLDER}/backend-deploy.yml`]: text, [`${FOLDER}/called.yml`]: called };
      const sha = await simulator.push({ branch: 'main', files });
      return announcements.obstacles(c, target, { sha, ref });
    };
    expect(await calling(`AetherStack/aetherstack/${FOLDER}/called.yml@main`)).toMatchObject({ ownRecord: 'put' });
    const inner = c.fetch;
    const theirs = Buffer.from('jobs: { there: { environment: production } }').toString('base64');
    c.fetch = async (input, init) => {
      const { pathname } = new URL(new Request(input, init).url);
      if (!pathname.startsWith('/repos/acme/')) return inner(input, init);
      if (pathname.includes('hidden')) return Response.json({ message: 'Not Found' }, { status: 404 });
      return Response.json({ type: 'file', encoding: 'base64', size: 44, content: theirs, sha: 'a'.repeat(40) });
    };
    expect(await calling(`acme/ci/${FOLDER}/deploy.yml@v1`)).toMatchObject({ ownRecord: 'there', unknown: null });
    expect(await calling(`acme/ci/${FOLDER}/hidden.yml@v1`)).toMatchObject({
      ownRecord: null,
      unknown: expect.stringContaining('hidden.yml@v1 (this connection is shown no such file)'),
    });
  });

  it('a folder that is not there is told apart from one that is not shown', async () => {
    const { c } = scene();
    const { sha } = await source.resolve(c, target, 'main');
    const inner = c.fetch;
    const without = (hidden: RegExp) => {
      c.fetch = async (input, init) =>
        hidden.test(decodeURIComponent(new URL(new Request(input, init).url).pathname))
          ? Response.json({ message: 'Not Found' }, { status: 404 })
          : inner(input, init);
    };
    without(/contents\/\.github\/workflows$/);
    expect(await announcements.obstacles(c, target, { sha, ref })).toEqual(NONE);
    without(/\/(contents|commits)\//);
    expect((await announcements.obstacles(c, target, { sha, ref })).unknown).toContain('not shown');
    expect((await announcements.markObstacles(c, target, 'status')).unknown).toContain('not shown');
  });

  it.each([
    ['on: push\njobs: { a: { environment: "" } }', null, false],
    ['on: { deployment: }\njobs: { a: { environment: production } }', 'a', true],
    ['true: deployment\njobs: { a: { name: Go, environment: { name: x } } }', 'Go', true],
    [': not yaml', null, false],
    ['', null, false],
  ])('reads %j', (text, environmentJob, onDeployment) => {
    expect(factsOf(text, 'x.yml')).toMatchObject({ environmentJob, onDeployment });
  });
});

describe('releases', () => {
  const repository = target.repository;
  const wanted = (sha: string) => ({
    tag: 'backend-v9.0.0',
    sha,
    name: 'Backend 9',
    body: 'What is new',
    draft: true,
    preRelease: false,
    latest: false,
    marker: 'rel_1',
  });

  it('a draft is found by its tag before and after it is public, with the commit', async () => {
    const { c } = scene();
    const { sha } = await source.resolve(c, target, 'main');
    const draft = await releases.create(c, repository, wanted(sha));
    expect(await releases.byTag(c, repository, 'backend-v9.0.0')).toMatchObject({ id: draft.id, sha, draft: true });
    expect(await releases.tag(c, repository, 'backend-v9.0.0')).toBeNull();
    await releases.publish(c, repository, { id: draft.id, tag: draft.tag, sha, latest: false });
    expect(await releases.tag(c, repository, 'backend-v9.0.0')).toBe(sha);
    expect(await releases.list(c, repository)).toMatchObject([{ id: draft.id, sha, draft: false }]);
  });

  it('a tag that a rule protects, and one that is no name, are refused in words', async () => {
    const { c } = scene();
    const { sha } = await source.resolve(c, target, 'main');
    const taken = { ...wanted(sha), draft: false, tag: 'protected/v1' };
    await expect(releases.create(c, repository, taken)).rejects.toMatchObject({ code: 'protected_tag' });
    await expect(releases.tag(c, repository, 'a..b')).rejects.toMatchObject({ code: 'bad_tag' });
    await releases.createTag(c, repository, { name: 'docs-v9', sha, message: 'Docs 9' });
    expect(await releases.tag(c, repository, 'docs-v9')).toBe(sha);
  });
});
