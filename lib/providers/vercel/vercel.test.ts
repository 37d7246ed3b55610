import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '@/lib/kernel/secret';
import { breaking, type Harness, memoryWorld, type WireOptions, wire } from '../conformance/harness';
import { OpenApi } from '../conformance/openapi';
import { checkedFetch, createSpecCheck } from '../conformance/spec-check';
import { conformance } from '../conformance/suite';
import { HiddenValue } from '../port';
import { provider } from './adapter';
import { createVercelSimulator, type VercelSimulator } from './simulator';

const API = 'https://api.vercel.com';
const contract = new OpenApi(JSON.parse(readFileSync(path.join(import.meta.dirname, 'fixtures/openapi.json'), 'utf8')));
const spec = createSpecCheck(contract, {
  // https://vercel.com/docs/rest-api/reference/errors
  generalStatuses: [404, 429, 500, 502, 503],
  extraMedia: {},
  extraStatuses: {},
  freeParameters: [],
  defects: {},
  isProblem: (body) => typeof body === 'object' && body !== null && 'error' in body,
});
const HOOK = { url: 'https://console.example.com/api/webhooks/vercel', secret: 'hook-secret-of-the-test' };
const sign = (raw: Uint8Array, secret: string) => createHmac('sha1', secret).update(raw).digest('hex');
const token = (text: string) => ({ kind: 'token', token: new Secret(text) }) as const;
const SHA = 'a'.repeat(40);
const REVISION = { ref: 'main', refKind: 'branch', sha: SHA } as const;

async function harness(): Promise<Harness & { simulator: VercelSimulator }> {
  const world = memoryWorld();
  const simulator = createVercelSimulator(world, { seed: 7, webhook: HOOK });
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
  const byPerson = (body: Record<string, unknown>) =>
    fetch(`${API}/v13/deployments?forceNew=1`, {
      method: 'POST',
      headers: { authorization: 'Bearer person-token', 'content-type': 'application/json' },
      body: JSON.stringify({
        ...{ name: 'aetherstack-dashboard', project: 'aetherstack-dashboard', target: 'production' },
        gitSource: { type: 'github', repoId: 402_117_001, ref: 'main', sha: 'b'.repeat(40) },
        ...body,
      }),
    });
  return {
    world,
    simulator,
    fetch,
    target: {
      ...{ project: 'aetherstack-dashboard', team: 'aetherstack', production: true },
      ...{ repository: 'aetherstack/aetherstack', defaultRef: 'main' },
    },
    ref: 'main',
    revision: REVISION,
    inputs: {},
    credentials: { good: token('sandbox-token'), refused: token('expired-token-0000'), weak: token('readonly-token') },
    isMutation: (request) => request.method !== 'GET',
    markers: () => simulator.truth().flatMap(({ meta }) => (meta.aetherMarker ? [meta.aetherMarker] : [])),
    garbled: (inner) => async (input, init) => {
      const answer = await inner(input, init);
      return new Response((await answer.text()).replace(/"readyState":"\w+"/, '"readyState":"TELEPORTING"'));
    },
    delivery: async () => {
      await byPerson({});
      const due = simulator.dueWebhooks()[0] ?? expect.fail('The simulator sent no delivery.');
      return { raw: new TextEncoder().encode(due.body), headers: new Headers(due.headers), secret: HOOK.secret, sign };
    },
    byOthers: async () => void (await byPerson({})),
    elsewhere: {
      ...{ project: 'aetherstack-dashboard', team: 'aetherstack' },
      ...{ repository: 'aetherstack/aetherstack', defaultRef: 'main' },
    },
    builds: () => simulator.truth().map(({ rendering }) => rendering),
    assertContract: () => expect(violations.join('\n')).toBe(''),
  };
}

conformance(provider, harness);

describe('what is peculiar to Vercel', () => {
  let own: Awaited<ReturnType<typeof harness>>;
  const { deploy, status, live, cancel } = provider.methods;
  const via = (more: WireOptions = {}) => wire(provider.manifest, own, more);
  const start = async (change: Record<string, unknown> = {}, marker = 'aether-one-1') =>
    deploy.trigger(via().context, { ...own.target, ...change }, { marker, revision: REVISION, inputs: {} });
  const changing = (change: (text: string, url: string) => string): typeof globalThis.fetch => {
    return async (input, init) => {
      const request = new Request(input, init);
      const answer = await own.fetch(request);
      return new Response(change(await answer.text(), request.url), { status: answer.status, headers: answer.headers });
    };
  };

  beforeEach(async () => {
    own = await harness();
  });
  afterEach(() => own.assertContract?.());

  it('takes no variable for previews of the production branch, so the mode is set for all previews, and that is said', async () => {
    const { rendering } = provider.methods;
    const { context } = via();
    const staging = { ...own.target, production: false };
    expect((await rendering.read(context, staging, 'other')).reaches).toBeUndefined();
    expect(await rendering.read(context, staging, 'main')).toMatchObject({
      where: 'AETHERSTACK_RENDERING in aetherstack-dashboard → Preview',
      reaches: expect.stringContaining('those of pull requests'),
    });
    expect(await rendering.write?.(context, staging, 'main', 'ssg')).toBe('written');
    expect(await rendering.read(context, staging, 'main')).toMatchObject({ mode: 'ssg' });
    expect(await rendering.read(context, own.target, 'main'), 'production is as it was').toMatchObject({ mode: null });
    await start({ production: false });
    expect(own.simulator.truth().map(({ rendering: mode }) => mode)).toEqual(['ssg']);
    const place = 'branch:aetherstack:aetherstack-dashboard:main';
    const setting = { kind: 'variable', name: 'A', value: new HiddenValue('b') } as const;
    await expect(provider.methods.configuration.write(context, place, setting)).rejects.toMatchObject({
      message: expect.stringContaining('Production Branch'),
    });
  });

  it('builds exactly the commit that was chosen, new each time', async () => {
    const [first, second] = [await start(), await start()];
    expect(first?.id).not.toBe(second?.id);
    expect(own.simulator.truth().map(({ sha, ref }) => [sha, ref])).toEqual([
      [SHA, 'main'],
      [SHA, 'main'],
    ]);
    expect((await status.observe(via().context, own.target, first ?? expect.fail('no run'))).sha).toBe(SHA);
  });

  it('is not done when it is built, only when the domains lead to it', async () => {
    const ref = (await start()) ?? expect.fail('no run');
    own.world.advance(25_000);
    const built = await status.observe(via().context, own.target, ref);
    expect(built).toMatchObject({ phase: 'deploying', rawPhase: 'READY/STAGED', finishedAt: null });
    own.world.advance(5_000);
    const done = await status.observe(via().context, own.target, ref);
    expect(done).toMatchObject({ phase: 'done', rawPhase: 'READY/PROMOTED' });
    const builtAt = done.steps.find(({ name }) => name === 'Build')?.endedAt ?? '';
    expect(Date.parse(done.finishedAt ?? ''), 'users have it later').toBeGreaterThan(Date.parse(builtAt));
  });

  it.each([
    ['somebody rolled back there', '"lastRollbackTarget":null', '"lastRollbackTarget":{}'],
    ['the project never assigns them', '"autoAssignCustomDomains":true', '"autoAssignCustomDomains":false'],
  ])('says that a person has to promote it there when %s', async (_, before, after) => {
    const ref = (await start()) ?? expect.fail('no run');
    own.world.advance(25_000);
    const line = via({ fetch: changing((text) => text.replace(before, after)) });
    expect(await status.observe(line.context, own.target, ref)).toMatchObject({
      ...{ phase: 'waiting', keptBack: true },
      waitingFor: expect.stringContaining('promotion'),
    });
  });

  it.each([
    ['a check is not over', '"checksState":"running"', 'deploying', 'the checks of the project at Vercel'],
    ['a check failed', '"checksConclusion":"failed"', 'failed', null],
    ['the domains could not be assigned', '"aliasError":{"code":"x","message":"In use."}', 'failed', null],
  ])('a built deployment is judged by more than READY: %s', async (_, fields, phase, waitingFor) => {
    const ref = (await start()) ?? expect.fail('no run');
    own.world.advance(25_000);
    const line = via({ fetch: changing((text) => text.replace('"readyState"', `${fields},"readyState"`)) });
    const seen = await status.observe(line.context, own.target, ref);
    expect(seen).toMatchObject({ phase, waitingFor });
    if (phase === 'failed') expect(seen.failure).toMatchObject({ step: 'Assign domains' });
  });

  it.each([
    ['blocked', 'BLOCKED', 'waiting'],
    ['deleted', 'DELETED', 'cancelled'],
    ['a word of the future', 'constructor', 'unrecognised'],
  ])('a deployment that is %s is told so', async (_, word, phase) => {
    const ref = (await start()) ?? expect.fail('no run');
    const line = via({ fetch: changing((text) => text.replace(/"readyState":"\w+"/, `"readyState":"${word}"`)) });
    const seen = await status.observe(line.context, own.target, ref);
    expect(seen).toMatchObject({ phase, rawPhase: word, keptBack: false });
  });

  it('takes nothing for ours that people made at Vercel out of ours: it carries the same metadata', async () => {
    const ref = await start();
    own.world.advance(60_000);
    const redeployed = changing((text) => text.replaceAll('"source":"api-trigger-git-deploy"', '"source":"redeploy"'));
    const since = own.world.now() - 120_000;
    const line = via({ fetch: redeployed });
    expect(await deploy.findByMarker(line.context, own.target, 'aether-one-1', since)).toBeNull();
    expect(await deploy.findByMarker(via().context, own.target, 'aether-one-1', since)).toEqual(ref);
    const promoted = changing((text) => text.replace('"aetherMarker"', '"action":"promote","aetherMarker"'));
    expect(await live.read(via({ fetch: promoted }).context, own.target)).toMatchObject({ marker: null, sha: SHA });
  });

  it('finds a marker behind more than a page of other deployments', async () => {
    const since = own.world.now();
    await start({}, 'aether-deep-1');
    for (let other = 0; other < 130; other++) {
      own.world.advance(1);
      await start({}, `aether-other-${other}`);
    }
    expect(await deploy.findByMarker(via().context, own.target, 'aether-deep-1', since)).not.toBeNull();
  });

  it('does not say that a marker is not there when it could not look through everything', async () => {
    await start();
    // Every page is full of the same one, and there is always another.
    const full: typeof globalThis.fetch = async (input, init) => {
      const { url, headers } = new Request(input, init);
      const text = await (await own.fetch(url.replace(/&until=1\b/, ''), { headers })).text();
      const { deployments, ...rest } = JSON.parse(text) as { deployments?: unknown[] };
      return Response.json(
        deployments ? { deployments: Array(100).fill(deployments[0]), pagination: { next: 1 } } : rest,
      );
    };
    const line = via({ fetch: full });
    const find = (marker: string) => deploy.findByMarker(line.context, own.target, marker, own.world.now());
    await expect(find('aether-gone-1')).rejects.toMatchObject({ code: 'too_many_to_search', ambiguous: false });
    expect(await find('aether-one-1')).not.toBeNull();
  });

  it('tells a preview from production, and what is live on each', async () => {
    const preview = await start({ production: false }, 'aether-preview-1');
    own.world.advance(60_000);
    expect(await live.read(via().context, own.target)).toBeNull();
    expect(await live.read(via().context, { ...own.target, production: false })).toMatchObject({
      ref: { id: preview?.id },
      marker: 'aether-preview-1',
    });
  });

  it.each([
    ['another repository', { repository: 'acme/website' }, 'rejected', 'other_repository'],
    ['an unknown project', { project: 'nothing' }, 'notFound', 'not_found'],
    ['a foreign team', { team: 'acme' }, 'auth', 'missing_permission'],
    ['a path for a project', { project: '../user' }, 'rejected', 'bad_target'],
    ['a setting that is missing', { repository: undefined }, 'rejected', 'bad_target'],
  ])('says clearly what is wrong with %s, and starts nothing', async (_, change, kind, code) => {
    await expect(start(change)).rejects.toMatchObject({ kind, code, ambiguous: false });
    expect(own.simulator.truth()).toEqual([]);
  });

  it('refuses a project that is connected to no repository', async () => {
    const line = via({ fetch: changing((text) => text.replace('"link":', '"unlinked":')) });
    const refused = deploy.trigger(line.context, own.target, { marker: 'aether-a-1', revision: REVISION, inputs: {} });
    await expect(refused).rejects.toMatchObject({ code: 'not_connected' });
    expect(line.mutations()).toBe(0);
  });

  it('a refusal while cancelling is not taken for its end', async () => {
    const ref = (await start()) ?? expect.fail('no run');
    const line = via({
      fetch: async (input, init) => {
        const request = new Request(input, init);
        if (request.method !== 'PATCH') return own.fetch(request);
        return Response.json({ error: { code: 'bad_request', message: 'No.' } }, { status: 400 });
      },
    });
    await expect(cancel.cancel(line.context, own.target, ref)).rejects.toMatchObject({ code: 'bad_request' });
  });

  it('serves no build of a preview on production: it has the preview’s configuration baked in', async () => {
    const ref = (await start({ production: false })) ?? expect.fail('no run');
    own.world.advance(60_000);
    const line = via();
    const refused = provider.methods.promote.promote(line.context, own.target, ref);
    await expect(refused).rejects.toMatchObject({ kind: 'rejected', code: 'preview_build' });
    expect(line.mutations()).toBe(0);
  });

  it('a build after a roll-back there waits for a promotion', async () => {
    const first = (await start()) ?? expect.fail('no run');
    own.world.advance(60_000);
    await provider.methods.promote.restore(via().context, own.target, first);
    const second = (await start({}, 'aether-two-1')) ?? expect.fail('no run');
    own.world.advance(60_000);
    expect(await status.observe(via().context, own.target, second)).toMatchObject({ phase: 'waiting' });
    await provider.methods.promote.promote(via().context, own.target, second);
    expect(await live.read(via().context, own.target)).toMatchObject({ marker: 'aether-two-1' });
    expect(await status.observe(via().context, own.target, second)).toMatchObject({ phase: 'done' });
  });

  it('says what the plan does not allow, in few words and without secrets', async () => {
    const message = `Too many builds for ghp_${'a'.repeat(36)}. ${'x'.repeat(400)}`;
    const line = via({
      fetch: async () => Response.json({ error: { code: 'payment_required', message } }, { status: 402 }),
    });
    const refused = provider.verifyCredential(line.context);
    await expect(refused).rejects.toMatchObject({ kind: 'rejected', code: 'plan_limit' });
    await expect(refused).rejects.toThrow(/^.{60,320}$/);
    await expect(refused).rejects.not.toThrow('ghp_a');
  });
});
