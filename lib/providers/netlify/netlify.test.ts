import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '@/lib/kernel/secret';
import { breaking, type Harness, memoryWorld, type WireOptions, wire } from '../conformance/harness';
import { OpenApi } from '../conformance/openapi';
import { checkedFetch, createSpecCheck } from '../conformance/spec-check';
import { conformance } from '../conformance/suite';
import { fromSwagger } from '../conformance/swagger';
import { provider } from './adapter';
import { createNetlifySimulator, type NetlifySimulator } from './simulator';
import { readTitle, titleOf } from './title';
import { jws } from './webhook-sample';

const API = 'https://api.netlify.com';
const file = createRequire(import.meta.url).resolve('@netlify/open-api/dist/swagger.json');
const spec = createSpecCheck(new OpenApi(fromSwagger(JSON.parse(readFileSync(file, 'utf8')))), {
  // Limits and rights: https://docs.netlify.com/api-and-cli-guides/api-guides/get-started-with-api/
  generalStatuses: [401, 403, 404, 422, 429, 500, 502, 503],
  extraMedia: {},
  extraStatuses: {},
  freeParameters: [],
  defects: {},
  isProblem: (body) => typeof body === 'object' && body !== null && 'message' in body,
});
const HOOK = { url: 'https://console.example.com/api/webhooks/netlify', secret: 'hook-secret-of-the-test' };
const token = (text: string) => ({ kind: 'token', token: new Secret(text) }) as const;
const HEAD = 'a'.repeat(40);
const NEWER = 'b'.repeat(40);
const REVISION = { ref: 'main', refKind: 'branch', sha: HEAD } as const;

async function harness(): Promise<Harness & { simulator: NetlifySimulator; heads: Map<string, string> }> {
  const world = memoryWorld();
  const heads = new Map([
    ['main', HEAD],
    ['next', HEAD],
  ]);
  const headOf = async (branch: string) => heads.get(branch) ?? null;
  const simulator = createNetlifySimulator(world, { seed: 7, webhook: HOOK, headOf });
  const violations: string[] = [];
  const checked = checkedFetch((input, init) => simulator.handle(new Request(input, init)), API, spec);
  const fetch = breaking(async (input, init) => {
    try {
      return await checked(input, init);
    } catch (error) {
      violations.push(String(error));
      throw error;
    }
  });
  const byPerson = () =>
    fetch(`${API}/api/v1/sites/aetherstack-docs.netlify.app/builds`, {
      method: 'POST',
      headers: { authorization: 'Bearer person-token' },
    });
  return {
    world,
    simulator,
    heads,
    fetch,
    target: {
      ...{ site: 'aetherstack-docs.netlify.app', production: true },
      ...{ repository: 'aetherstack/aetherstack', defaultRef: 'main' },
    },
    ref: 'main',
    revision: REVISION,
    inputs: {},
    credentials: { good: token('sandbox-token'), refused: token('expired-token-0000'), weak: token('readonly-token') },
    isMutation: (request) => request.method !== 'GET',
    markers: () => simulator.truth().flatMap(({ title }) => readTitle(title)?.marker ?? []),
    garbled: (inner) => async (input, init) => {
      const answer = await inner(input, init);
      return new Response((await answer.text()).replace(/"state":"\w+"/, '"state":"teleporting"'));
    },
    delivery: async () => {
      await byPerson();
      const due = simulator.dueWebhooks()[0] ?? expect.fail('The simulator sent no delivery.');
      return {
        raw: new TextEncoder().encode(due.body),
        headers: new Headers(due.headers),
        secret: HOOK.secret,
        sign: jws,
      };
    },
    byOthers: async () => void (await byPerson()),
    elsewhere: {
      ...{ site: 'aetherstack-docs.netlify.app', production: false },
      ...{ repository: 'aetherstack/aetherstack', defaultRef: 'next' },
    },
    builds: () => simulator.truth().map(({ rendering }) => rendering),
    assertContract: () => expect(violations.join('\n')).toBe(''),
  };
}

conformance(provider, harness);

describe('what is peculiar to Netlify', () => {
  let own: Awaited<ReturnType<typeof harness>>;
  const { deploy, status, live, cancel, webhooks } = provider.methods;
  const via = (more: WireOptions = {}) => wire(provider.manifest, own, more);
  const start = async (change: Record<string, unknown> = {}, marker = 'aether-one-1', revision = {}) =>
    deploy.trigger(
      via().context,
      { ...own.target, ...change },
      { marker, revision: { ...REVISION, ...revision }, inputs: {} },
    );
  const started = async () => (await start()) ?? expect.fail('no run');
  const changing = (change: (text: string) => string): typeof globalThis.fetch => {
    return async (input, init) => {
      const answer = await own.fetch(input, init);
      return new Response(change(await answer.text()), { status: answer.status, headers: answer.headers });
    };
  };
  const saying = (fields: Record<string, unknown>) =>
    via({
      fetch: changing((text) => JSON.stringify({ ...(JSON.parse(text) as object), ...fields })),
    });

  beforeEach(async () => {
    own = await harness();
  });
  afterEach(() => own.assertContract?.());

  it('tells the folder that builds begin in where the project has one, and nothing where netlify.toml may', async () => {
    const folderWith = async (base: string | null) => {
      const fetch = changing((text) =>
        text.replace('"stop_builds":false', `"stop_builds":false,"base":${JSON.stringify(base)}`),
      );
      const { context } = via({ fetch });
      return (await provider.methods.rendering.read(context, own.target, 'main')).folder;
    };
    expect(await folderWith('./apps/web/')).toBe('apps/web');
    for (const none of [null, '', '/', '.']) expect(await folderWith(none)).toBeUndefined();
  });

  it('finds the deploy by its title when the answer does not name it', async () => {
    const line = via({ fetch: changing((text) => text.replace(/"deploy_id":"\w+",/, '')) });
    const since = own.world.now();
    const request = { marker: 'aether-one-1', revision: REVISION, inputs: {} };
    expect(await deploy.trigger(line.context, own.target, request)).toBeNull();
    expect(await deploy.findByMarker(via().context, own.target, 'aether-one-1', since)).toMatchObject({ attempt: 1 });
    expect(line.mutations()).toBe(1);
  });

  it.each([
    [titleOf('aether-a1-2', HEAD), { marker: 'aether-a1-2', sha: HEAD }],
    [`Triggered by hook: ${titleOf('aether-a1-2', HEAD)}`, { marker: 'aether-a1-2', sha: HEAD }],
    ['aether-a1-2', { marker: 'aether-a1-2', sha: null }],
    [`aether-a1-2 at ${HEAD}f`, { marker: 'aether-a1-2', sha: null }],
    ['not-aether-a1-2', null],
    ['aether-a1-2-more', null],
    ['', null],
    [null, null],
  ])('reads the title %j', (title, expected) => {
    expect(readTitle(title)).toEqual(expected);
  });

  it('does not take the build of another commit for success, and names both', async () => {
    own.heads.set('main', NEWER);
    const ref = await started();
    own.world.advance(60_000);
    const seen = await status.observe(via().context, own.target, ref);
    expect(seen).toMatchObject({ phase: 'failed', sha: NEWER });
    expect(seen.failure?.sentence).toMatch(/bbbbbbb.*main.*aaaaaaa/);
  });

  it('waits while publishing is locked, and says who can go on', async () => {
    await start();
    own.world.advance(60_000);
    const byPerson = { method: 'POST', headers: { authorization: 'Bearer person-token' } };
    const published = own.simulator.truth()[0]?.id;
    const lock = (how: string) => own.fetch(`${API}/api/v1/deploys/${published}/${how}`, byPerson);
    expect((await (await lock('lock')).json()).locked).toBe(true);
    const ref = (await start({}, 'aether-two-1')) ?? expect.fail('no run');
    own.world.advance(60_000);
    expect(await status.observe(via().context, own.target, ref)).toMatchObject({
      phase: 'waiting',
      rawPhase: 'ready',
      waitingFor: expect.stringContaining('unlock'),
      ...{ keptBack: true, finishedAt: null },
    });
    expect(await live.read(via().context, own.target)).toMatchObject({
      marker: 'aether-one-1',
      held: expect.stringContaining('locked'),
    });
    await provider.methods.promote.promote(via().context, own.target, ref);
    expect(await status.observe(via().context, own.target, ref), 'put live, and still locked').toMatchObject({
      phase: 'done',
      waitingFor: null,
      ...{ keptBack: false, finishedAt: expect.any(String) },
    });
    expect((await provider.methods.promote.serving(via().context, own.target)).held).toContain('locked');
    expect((await (await lock('unlock')).json()).locked).toBe(false);
  });

  it.each([
    ['a deploy request', { state: 'pending_review' }, 'waiting'],
    ['a cancelled one', { state: 'error', error_message: 'Canceled' }, 'cancelled'],
    [
      'a skipped one',
      { state: 'error', skipped: true, error_message: 'Canceled build due to no content change' },
      'failed',
    ],
    ['a rejected one', { state: 'rejected' }, 'failed'],
    ['one that is tried again', { state: 'retrying' }, 'building'],
    ['a word of the future', { state: 'constructor' }, 'unrecognised'],
  ])('tells %s for what it is', async (_, fields, phase) => {
    const ref = await started();
    const seen = await status.observe(saying(fields).context, own.target, ref);
    expect(seen.phase).toBe(phase);
    expect(seen.failure === null).toBe(phase !== 'failed');
  });

  it.each([
    ['another repository', { repository: 'acme/website' }, {}, 'rejected', 'other_repository'],
    ['an unknown project', { site: 'nothing.netlify.app' }, {}, 'notFound', 'not_found'],
    ['a path for a project', { site: '../user' }, {}, 'rejected', 'bad_target'],
    ['two dots in a project', { site: 'a..b' }, {}, 'rejected', 'bad_target'],
    ['another branch for production', {}, { ref: 'next' }, 'rejected', 'other_branch'],
    ['the published branch for a branch deploy', { production: false }, {}, 'rejected', 'other_branch'],
    ['a tag', {}, { refKind: 'tag', ref: 'v1' }, 'rejected', 'branch_only'],
  ])('says clearly what is wrong with %s, and starts nothing', async (_, change, revision, kind, code) => {
    await expect(start(change, 'aether-one-1', revision)).rejects.toMatchObject({ kind, code, ambiguous: false });
    expect(own.simulator.truth()).toEqual([]);
  });

  it.each([
    [
      'stopped builds',
      { repo_path: 'aetherstack/aetherstack', repo_branch: 'main', stop_builds: true },
      'builds_stopped',
    ],
    ['no repository', {}, 'not_connected'],
  ])('refuses a project with %s before anything is sent', async (_, build_settings, code) => {
    const line = saying({ build_settings });
    const refused = deploy.trigger(line.context, own.target, { marker: 'aether-a-1', revision: REVISION, inputs: {} });
    await expect(refused).rejects.toMatchObject({ code });
    expect(line.mutations()).toBe(0);
  });

  it('does not say that a marker is not there when it could not look through everything', async () => {
    await started();
    // Every page is full of the same one.
    const full: typeof globalThis.fetch = async (input, init) => {
      const { url, headers } = new Request(input, init);
      const answer = await own.fetch(url.replace(/([?&])page=\d+/, '$1page=1'), { headers });
      return Response.json(Array(100).fill(((await answer.json()) as unknown[])[0]));
    };
    const find = (marker: string) =>
      deploy.findByMarker(via({ fetch: full }).context, own.target, marker, own.world.now());
    await expect(find('aether-gone-1')).rejects.toMatchObject({ code: 'too_many_to_search', ambiguous: false });
    expect(await find('aether-one-1')).not.toBeNull();
  });

  it('tells a branch deploy from production, and what is live on each', async () => {
    const branch = { production: false, defaultRef: 'next' };
    const ref = await start(branch, 'aether-next-1', { ref: 'next' });
    own.world.advance(60_000);
    expect(await live.read(via().context, own.target)).toBeNull();
    const target = { ...own.target, ...branch };
    expect(await live.read(via().context, target)).toMatchObject({ ref: { id: ref?.id }, marker: 'aether-next-1' });
    expect(await status.observe(via().context, target, ref ?? expect.fail('no run'))).toMatchObject({ phase: 'done' });
  });

  it('has a branch’s own values only where Netlify itself builds it: a workflow’s builds read those of all branch deploys', async () => {
    const { reads } = provider.methods.configuration;
    const scopes = async (production: boolean, isRuntime?: boolean) =>
      (await reads(via().context, { ...own.target, production, defaultRef: 'next' }, 'staging', isRuntime)).places.map(
        ({ scope }) => scope,
      );
    expect(await scopes(false)).toEqual(['branch', 'branch-deploy', 'all', 'team']);
    expect(await scopes(false, true)).toEqual(['branch-deploy', 'all', 'team']);
    expect(await scopes(true, true)).toEqual(await scopes(true));
  });

  it('a refusal while cancelling is not taken for its end', async () => {
    const ref = await started();
    const line = via({
      fetch: async (input, init) => {
        const request = new Request(input, init);
        return request.method === 'GET' ? own.fetch(request) : Response.json({ message: 'No.' }, { status: 422 });
      },
    });
    await expect(cancel.cancel(line.context, own.target, ref)).rejects.toMatchObject({ code: 'http_422' });
  });

  it('takes one spelling of a signature only', async () => {
    const raw = new TextEncoder().encode('{}');
    const good = jws(raw, 'secret');
    const believed = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'].filter(
      (last) => `${good.slice(0, -1)}${last}` !== good,
    );
    for (const last of believed) {
      const headers = new Headers({ 'x-webhook-signature': `${good.slice(0, -1)}${last}` });
      expect(await webhooks.authenticate(raw, headers, [new Secret('secret')])).toBe(false);
    }
  });
});
