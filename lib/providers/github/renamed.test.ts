import { beforeEach, expect, it } from 'vitest';
import { guardedFetch } from '@/lib/http/guarded-fetch';
import { createHttpMemory } from '@/lib/http/memory';
import { Secret } from '@/lib/kernel/secret';
import { repositoryFiles } from '@/lib/sandbox/repository-files';
import { memoryWorld } from '../conformance/harness';
import type { ProviderContext, RemoteRef, WantedRecord } from '../port';
import { provider } from './adapter';
import { createGithubSimulator } from './simulator';
import { digestOf } from './simulator/settings';

const files = await repositoryFiles();
const OLD = 'aetherstack/aetherstack';
const NEW = 'aetherstack/stack';
const of = (repository: string) => ({ repository, workflow: 'backend-deploy.yml', defaultRef: 'main' });
const target = of(OLD);
const { announcements, cancel, configuration, deploy, gates, releases, retry, site, source, status } = provider.methods;
const MARA = { type: 'User', id: 8_210_411 };

let world: ReturnType<typeof memoryWorld>;
let simulator: ReturnType<typeof createGithubSimulator>;
let serial = 0;

beforeEach(() => {
  world = memoryWorld();
  simulator = createGithubSimulator(world, { seed: 7, files });
});

const answered: typeof globalThis.fetch = (input, init) => simulator.handle(new Request(input, init));

/** As the console asks; `fetch` in its place answers what GitHub answers, redirects and all. */
function as(token = 'sandbox-token', fetch?: typeof globalThis.fetch): ProviderContext {
  const connectionId = `con_${++serial}`;
  const origin = 'https://api.github.com';
  const now = () => world.now();
  const guarded = guardedFetch({ connectionId, origin, memory: createHttpMemory(), fetch: answered, now });
  return {
    connectionId,
    origin,
    credential: { kind: 'token', token: new Secret(token) },
    fetch: fetch ?? guarded,
    now,
  };
}

const rename = () => simulator.rename({ repository: OLD, name: 'stack' });

async function started(c = as()): Promise<RemoteRef> {
  const revision = await source.resolve(c, target, 'main');
  const ref = await deploy.trigger(c, target, { marker: 'aether-x-1', revision, inputs: { environment: 'staging' } });
  return ref ?? expect.fail('It was accepted without a reference.');
}

const truth = (ref: RemoteRef) => simulator.truth().find(({ id }) => id === ref.id);

async function protectStaging() {
  await answered(`https://api.github.com/repos/${OLD}/environments/staging`, {
    method: 'PUT',
    headers: { authorization: 'token sandbox-token' },
    body: JSON.stringify({ reviewers: [MARA] }),
  });
}

it('is told its name of now under its former one', async () => {
  await rename();
  expect(await source.called?.(as(), OLD)).toBe(NEW);
  expect(await source.called?.(as(), NEW)).toBe(NEW);
  await expect(source.called?.(as(), 'aetherstack/nobody')).rejects.toMatchObject({ code: 'no_repository' });
});

it('a deployment under the former name starts its run', async () => {
  await rename();
  const ref = await started();
  expect(truth(ref)).toMatchObject({ marker: 'aether-x-1', repository: NEW });
  expect(await deploy.findByMarker(as(), target, 'aether-x-1', world.now() - 60_000)).toMatchObject({ id: ref.id });
});

it('a cancellation ends the run', async () => {
  const ref = await started();
  await rename();
  world.advance(5_000);
  await cancel.cancel(as(), target, ref);
  world.advance(60_000);
  expect(truth(ref)).toMatchObject({ conclusion: 'cancelled' });
});

it('a re-run is another attempt', async () => {
  world.set({ outcome: 'failure' });
  const ref = await started();
  world.advance(3_600_000);
  await rename();
  expect(await retry.retry(as(), target, ref)).toMatchObject({ id: ref.id, attempt: 2 });
  expect(truth(ref)).toMatchObject({ attempt: 2 });
});

it('an approval lets the run go on', async () => {
  await protectStaging();
  const ref = await started();
  world.advance(60_000);
  await rename();
  const c = as('sandbox-token-mara-lindqvist');
  const [gate] = await gates.waiting(c, target, ref);
  await gates.answer(c, target, ref, { gateIds: [gate?.id ?? ''], decision: 'approved', comment: 'yes' });
  expect(await gates.answers(c, target, ref)).toMatchObject([{ decision: 'approved', by: 'mara-lindqvist' }]);
  expect(await gates.waiting(c, target, ref)).toEqual([]);
  expect((await status.observe(c, target, ref)).phase).not.toBe('waiting');
});

it.each([`repository:${OLD}`, `environment:${OLD}:staging`])('what is set or removed in %s, is', async (place) => {
  await rename();
  const c = as();
  const { list, write, remove } = configuration;
  const found = async (name: string) => (await list(c, place)).find((each) => each.name === name);
  const secret = { kind: 'secret', name: 'API_KEY', value: new Secret('new') } as const;
  expect(await write(c, place, secret)).toBe('created');
  expect(await write(c, place, secret)).toBe('replaced');
  const kept = world.facts().filter(({ kind, data }) => kind === 'setting.kept' && data.name === 'API_KEY');
  expect(kept.map(({ data }) => data.value)).toEqual([digestOf('new'), digestOf('new')]);
  const variable = (value: string) => ({ kind: 'variable', name: 'COLOUR', value: new Secret(value) }) as const;
  expect(await write(c, place, variable('red'))).toBe('created');
  expect(await write(c, place, variable('blue'))).toBe('replaced');
  expect((await found('COLOUR'))?.value?.reveal()).toBe('blue');
  for (const name of ['API_KEY', 'COLOUR']) {
    await remove(c, place, { kind: name === 'COLOUR' ? 'variable' : 'secret', name });
    expect(await found(name)).toBeUndefined();
  }
});

it('what was set before stays, and so does what was told', async () => {
  const before = await configuration.list(as(), `repository:${OLD}`);
  await rename();
  expect(await configuration.list(as(), `repository:${NEW}`)).toEqual(before);
});

it('records, statuses, tags and the site’s settings are written', async () => {
  await rename();
  const c = as();
  const { sha } = await source.resolve(c, target, 'main');
  const more = { environment: 'staging', isProduction: false, title: '#1', description: 'Backend' };
  const wanted: WantedRecord = { marker: 'dep_1', sha, ...more };
  const said = { state: 'success' as const, description: 'Live', link: null, log: null };
  const record = await announcements.create(c, target, wanted);
  await announcements.say(c, target, record, said);
  await announcements.mark(c, target, sha, 'deploy / staging', said);
  await releases.createTag(c, OLD, { name: 'v9.9.9', sha, message: 'Nine' });
  expect(await releases.tag(c, OLD, 'v9.9.9')).toBe(sha);
  await site.change(c, OLD, { buildType: 'branch', source: { branch: 'main', path: '/' } });
  expect((await site.read(as(), NEW))?.buildType).toBe('branch');
  const kinds = world.facts().map(({ kind }) => kind);
  expect(kinds).toEqual(expect.arrayContaining(['deployment.created', 'deployment.said', 'commit.status']));
});

it('a redirect that nobody followed is said to be one, and never success', async () => {
  const ref = await started();
  await rename();
  const c = as('sandbox-token', answered);
  const said = { state: 'success' as const, description: 'Live', link: null, log: null };
  const place = `repository:${OLD}`;
  const revision = await source.resolve(as(), target, 'main');
  const tried: (() => Promise<unknown>)[] = [
    () => source.resolve(c, target, 'main'),
    () => cancel.cancel(c, target, ref),
    () => gates.answer(c, target, ref, { gateIds: ['1'], decision: 'approved', comment: '' }),
    () => configuration.write(c, place, { kind: 'variable', name: 'COLOUR', value: new Secret('red') }),
    () => configuration.remove(c, place, { kind: 'secret', name: 'OVSX_PAT' }),
    () => announcements.mark(c, target, revision.sha, 'deploy', said),
    () => deploy.trigger(c, target, { marker: 'aether-x-2', revision, inputs: { environment: 'staging' } }),
  ];
  for (const each of tried)
    await expect(each()).rejects.toMatchObject({ kind: 'rejected', code: 'moved', ambiguous: false });
});
