import { afterEach, expect, test } from 'vitest';
import { type Client, clientOf } from './testing/client';

let client: Client;
afterEach(() => client.sandbox.close());

interface Host {
  provider: string;
  doubled: string[];
  builds: { id: string; marker: string | null }[];
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
