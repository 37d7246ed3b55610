import { createHash } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { sampleVsix } from '@/lib/extensions/testing/sample-vsix';
import { type Client, clientOf } from './testing/client';

let client: Client;
afterEach(() => client.sandbox.close());

interface Host {
  provider: string;
  doubled: string[];
  builds: { id: string; marker: string | null }[];
  repointed: string[];
  live: string | null;
}

const post = (path: string, body?: object) =>
  fetch(`${client.sandbox.url}/${path}`, {
    method: 'POST',
    headers: { authorization: 'Bearer sandbox-token', 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });

test('the truth tells what each host built and by which marker, also what was answered with an error and what came twice', async () => {
  client = await clientOf();
  const head = await (await client.repo('/commits/heads/main')).json();
  const gitSource = { type: 'github', repoId: 402_117_001, ref: 'main', sha: head.sha };
  const build = { name: 'aetherstack-dashboard', project: 'aetherstack-dashboard', target: 'production', gitSource };
  const create = (marker?: string) =>
    post('api.vercel.com/v13/deployments?forceNew=1', { ...build, meta: marker ? { aetherMarker: marker } : {} });
  await create('aether-A-1');
  await create('aether-A-1');
  await create();
  await client.control('scenario', { acceptThen502: 1 });
  const title = encodeURIComponent(`aether-B-1 at ${head.sha}`);
  const site = 'api.netlify.com/api/v1/sites/aetherstack-docs.netlify.app';
  expect((await post(`${site}/builds?branch=main&title=${title}`)).status).toBe(502);
  const { hosts, counts } = (await client.control('state')) as { hosts: Host[]; counts: { runs: number } };
  const told = hosts.map(({ provider, doubled, builds }) => [provider, builds.map(({ marker }) => marker), doubled]);
  expect(told).toEqual([
    ['netlify', ['aether-B-1'], []],
    ['vercel', ['aether-A-1', 'aether-A-1', null], ['aether-A-1']],
  ]);
  expect(new Set(hosts.flatMap(({ builds }) => builds.map(({ id }) => id))).size).toBe(4);
  expect(counts.runs, 'those of a workflow are told beside them').toBe(0);
});

test('the truth tells what visitors were led to without a build, once for two requests for the same, and what is live', async () => {
  client = await clientOf();
  const site = 'api.netlify.com/api/v1/sites/aetherstack-docs.netlify.app';
  const { sha } = (await client.control('push', { branch: 'main' })) as { sha: string };
  const gitSource = { type: 'github', repoId: 402_117_001, ref: 'main', sha };
  const project = 'aetherstack-dashboard';
  for (let build = 0; build < 2; build++) {
    await post(`${site}/builds?branch=main`);
    await post('api.vercel.com/v13/deployments?forceNew=1', {
      name: project,
      project,
      target: 'production',
      gitSource,
    });
    await client.control('advance', { ms: 60_000 });
  }
  const hosts = async () => ((await client.control('state')) as { hosts: Host[] }).hosts;
  const firstOf = new Map((await hosts()).map(({ provider, builds }) => [provider, builds[0]?.id]));
  expect((await hosts()).map(({ repointed }) => repointed)).toEqual([[], []]);
  for (let asked = 0; asked < 2; asked++) {
    await post(`${site}/deploys/${firstOf.get('netlify')}/restore`);
    await post(`api.vercel.com/v1/projects/${project}/rollback/${firstOf.get('vercel')}`);
  }
  for (const { provider, repointed, live } of await hosts())
    expect({ provider, repointed, live }).toEqual({
      provider,
      repointed: [firstOf.get(provider)],
      live: firstOf.get(provider),
    });
});

test('the truth tells each package that a gallery has, also what it does not show', async () => {
  client = await clientOf();
  const at = Date.now();
  const took = async (provider: string, name: string, fate: string) => {
    const bytes = sampleVsix({ publisher: 'aetherstack', name });
    await client.control('took', { provider, bytes: bytes.toString('base64'), at, fate });
    return createHash('sha256').update(bytes).digest('hex');
  };
  const hidden = await took('open-vsx', 'hidden', 'quarantines');
  const refused = await took('vs-marketplace', 'refused', 'rejects');
  const { galleries } = (await client.control('state')) as {
    galleries: { provider: string; packages: { sha256: string }[] }[];
  };
  const has = galleries.map(({ provider, packages }) => [provider, packages.map(({ sha256 }) => sha256)]);
  expect(Object.fromEntries(has)).toEqual({ 'open-vsx': [hidden], 'vs-marketplace': [refused] });
});
