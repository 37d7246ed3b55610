import { beforeEach, describe, expect, test } from 'vitest';
import { Secret } from '@/lib/kernel/secret';
import { repositoryFiles } from '@/lib/sandbox/repository-files';
import { type MemoryWorld, memoryWorld } from '../conformance/harness';
import { checkedFetch } from '../conformance/spec-check';
import type { ProviderContext, RemoteRef } from '../port';
import { provider } from './adapter';
import { parseServiceStatus } from './service-status';
import { createGithubSimulator } from './simulator';
import { certificateOf, publicationState } from './site-words';

const files = await repositoryFiles();
const REPOSITORY = 'aetherstack/aetherstack';
const target = (workflow: string) => ({ repository: REPOSITORY, workflow, defaultRef: 'main' });
const GH_PAGES = { branch: 'gh-pages', path: '/' } as const;
const docs = target('docs-deploy.yml');
const { site, capacity, deploy, cancel, status, source } = provider.methods;

let world: MemoryWorld;
let simulator: ReturnType<typeof createGithubSimulator>;
let c: ProviderContext;
/** As a person with this token asks; every exchange is held against GitHub's contract. */
function as(token: string): ProviderContext {
  return {
    connectionId: `of ${token} ${world.now()}`,
    origin: 'https://api.github.com',
    credential: { kind: 'token', token: new Secret(token) },
    fetch: checkedFetch((input, init) => simulator.handle(new Request(input, init))),
    now: () => world.now(),
  };
}

beforeEach(() => {
  world = memoryWorld();
  simulator = createGithubSimulator(world, { seed: 7, files });
  c = as('sandbox-token');
});

let serial = 0;
async function started(config: typeof docs, inputs: Record<string, string>): Promise<RemoteRef> {
  const revision = await source.resolve(c, config, 'main');
  const ref = await deploy.trigger(c, config, { marker: `aether-t${++serial}-1`, revision, inputs });
  return ref ?? expect.fail('the run has no reference');
}

async function until(ref: RemoteRef, wanted: (phase: string) => boolean): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (wanted((await status.observe(c, docs, ref)).phase)) return;
    world.advance(500);
  }
  expect.fail('it never came so far');
}
const ended = (phase: string) => ['done', 'failed', 'cancelled'].includes(phase);

describe('the site of a repository', () => {
  test('is read with its domain and certificate; a repository without one has none', async () => {
    expect(await site.read(c, REPOSITORY)).toMatchObject({
      buildType: 'workflow',
      url: 'https://docs.aetherstack.example.com/',
      domain: { proof: 'verified' },
      certificate: { good: true, expiresAt: '2027-02-01' },
      httpsEnforced: true,
      builds: [],
      settingsUrl: `https://github.com/${REPOSITORY}/settings/pages`,
    });
    expect(await site.read(c, 'aetherstack/handbook')).toBeNull();
    await expect(site.read(c, 'aetherstack/nope')).rejects.toMatchObject({ kind: 'notFound', code: 'no_repository' });
  });

  test('is changed by one request, begun where there is none, and refused for a branch that is not there', async () => {
    const wanted = { buildType: 'branch', source: { branch: 'gh-pages', path: '/' } } as const;
    await expect(site.change(c, REPOSITORY, wanted)).rejects.toMatchObject({ kind: 'rejected' });
    await simulator.push({ branch: 'gh-pages', files: { 'versions.json': '[]' } });
    await site.change(c, REPOSITORY, wanted);
    const changed = await site.read(c, REPOSITORY);
    expect(changed).toMatchObject({ buildType: 'branch', state: 'live', source: wanted.source });
    expect(changed?.builds[0]).toMatchObject({ state: 'built', failed: false, error: null });
    await site.change(c, 'aetherstack/handbook', { buildType: 'workflow' });
    expect(await site.read(c, 'aetherstack/handbook')).toMatchObject({ buildType: 'workflow' });
    await expect(site.change(as('readonly-token'), REPOSITORY, wanted)).rejects.toMatchObject({
      code: 'missing_permission',
    });
  });

  test('the served branch is read at its head, with its log; none where there is no branch', async () => {
    expect(await site.served(c, REPOSITORY, GH_PAGES)).toBeNull();
    const message = 'Deployed abc1234 to 1.0 with MkDocs 1.6.1 and mike 2.1.3';
    const head = await simulator.push({ branch: 'gh-pages', message, files: { 'versions.json': '[]' } });
    const served = await site.served(c, REPOSITORY, GH_PAGES);
    expect(served).toMatchObject({ head, versionsFile: '[]', firstPage: null, log: [{ message }] });
    expect(await site.served(c, REPOSITORY, { ...GH_PAGES, path: '/docs' })).toMatchObject({ versionsFile: null });
  });

  test('a deployment that was broken off while Pages took it burns its head: the next one of it fails', async () => {
    const first = await started(docs, { version: 'latest' });
    expect(await site.publication(c, docs, first)).toBeNull();
    for (let tries = 0; tries < 200 && (await site.publication(c, docs, first)) === null; tries++) world.advance(500);
    expect(await site.publication(c, docs, first)).toMatchObject({ state: 'going' });
    await cancel.cancel(c, docs, first);
    await until(first, ended);
    const burned = await site.publication(c, docs, first);
    expect(burned).toMatchObject({ state: 'cancelled', rawState: 'deployment_cancelled' });
    const again = await started(docs, { version: 'latest' });
    await until(again, ended);
    expect(await status.observe(c, docs, again)).toMatchObject({
      phase: 'failed',
      failure: { step: 'Deploy', sentence: expect.stringContaining('Push a commit first') },
    });
    expect(await site.publication(c, docs, again)).toEqual(burned);
    await simulator.push({ branch: 'main', files: { 'docs/empty.md': '' } });
    const fresh = await started(docs, { version: 'latest' });
    await until(fresh, ended);
    expect(await site.publication(c, docs, fresh)).toMatchObject({ state: 'live' });
  });

  test('no word of Pages is taken for live by mistake', () => {
    expect(publicationState('succeed')).toBe('live');
    expect(publicationState('constructor')).toBe('unrecognised');
    expect(certificateOf({ state: 'bad_authz' })).toMatchObject({ good: false });
    expect(certificateOf({ state: 'toString' })).toMatchObject({
      good: false,
      sentence: expect.stringContaining('toString'),
    });
  });
});

describe('what a run waits for', () => {
  const backend = target('backend-deploy.yml');

  test('runners of one’s own and open runs are counted; who may not list runners is told so', async () => {
    await started(backend, { environment: 'staging' });
    const seen = await capacity.read(c, REPOSITORY);
    expect(seen).toMatchObject({ queued: expect.any(Number), runners: { total: 2 } });
    expect(seen.open.map((run) => run.state)).toContain('queued');
    const { runners } = await capacity.read(as('readonly-token'), REPOSITORY);
    expect(runners).toEqual({ refused: expect.stringContaining('administration: read') });
  });

  test('a run that waits for a person, by the rules of its environment, is among the open ones', async () => {
    await c.fetch(`https://api.github.com/repos/${REPOSITORY}/environments/staging`, {
      method: 'PUT',
      headers: { authorization: 'token sandbox-token' },
      body: JSON.stringify({ reviewers: [{ type: 'User', id: 8_210_411 }] }),
    });
    const ref = await started(backend, { environment: 'staging' });
    world.advance(60_000);
    const seen = await capacity.read(c, REPOSITORY);
    expect(seen.open[0]).toMatchObject({ id: ref.id, state: 'waiting' });
    expect(seen.queued, 'and one that was queued before it').toBe(2);
  });

  test('a run whose runners are away names their labels and those that are there', async () => {
    world.set({ runnersAway: true });
    const ref = await started(backend, { environment: 'staging' });
    const wait = await capacity.waits(c, backend, ref);
    expect(wait).toMatchObject({ labels: ['self-hosted', 'linux', 'release'], groups: [], runners: { total: 2 } });
  });

  test('a run behind another in its group names it; a group that is free, or not known, is none', async () => {
    world.set({ runnersAway: true });
    const first = await started(backend, { environment: 'staging' });
    const second = await started(backend, { environment: 'staging' });
    expect((await capacity.waits(c, backend, first)).groups).toEqual([]);
    expect((await capacity.waits(c, backend, second)).groups).toMatchObject([
      { name: 'backend-staging', ahead: [{ id: first.id, running: true }] },
    ]);
    const older = { ...c, connectionId: 'older', fetch: without('concurrency_groups') };
    expect(await capacity.waits(older, backend, second)).toMatchObject({
      groups: [],
      labels: ['self-hosted', 'linux', 'release'],
    });
  });

  /** A server that does not know these addresses. */
  const without =
    (part: string): typeof fetch =>
    async (input, init) => {
      const request = new Request(input, init);
      if (!request.url.includes(part)) return simulator.handle(request);
      return Response.json({ message: 'Not Found', documentation_url: '' }, { status: 404 });
    };
});

describe('GitHub’s own status', () => {
  const page = async () =>
    (await simulator.handle(new Request(provider.manifest.capabilities.serviceStatus.url))).text();

  test('open incidents of the parts that matter are told, others are not', async () => {
    expect(parseServiceStatus(await page())).toMatchObject({ incidents: [], maintenance: [] });
    world.set({ incident: true });
    const text = await page();
    expect(parseServiceStatus(text).incidents).toMatchObject([
      { name: 'Incident with Actions', impact: 'minor', parts: ['Actions'], url: 'https://stspg.io/sandbox1' },
    ]);
    expect(parseServiceStatus(text.replaceAll('"Actions"', '"Copilot"')).incidents).toEqual([]);
    expect(parseServiceStatus(text.replaceAll('"investigating"', '"resolved"')).incidents).toEqual([]);
    expect(
      parseServiceStatus(text.replace('https://stspg.io/', 'javascript://stspg.io/')).incidents[0]?.url,
    ).toBeNull();
  });

  test('anything else is refused, and nothing of it is repeated', () => {
    for (const text of ['', '<html>', '{}', '{"incidents":[{"name":1}]}'])
      expect(() => parseServiceStatus(text)).toThrow('is not understood');
  });
});
