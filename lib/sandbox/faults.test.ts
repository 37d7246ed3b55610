import { afterEach, expect, test } from 'vitest';
import { type Client, clientOf } from './testing/client';
import { sandboxFetch } from './transport';

let client: Client;
afterEach(() => client.sandbox.close());

const marked = { environment: 'staging', aetherstack: 'aether-m-1' };
const markers = async () => (await client.runs()).map((run) => run.marker);

test('accepted-then-502: the answer is a 502, the run exists', async () => {
  client = await clientOf({ scenario: 'accepted-then-502' });
  expect((await client.dispatch(marked)).status).toBe(502);
  expect(await markers()).toEqual(['aether-m-1']);
});

test('accepted-then-cut: the connection breaks, the run exists', async () => {
  client = await clientOf({ scenario: 'accepted-then-cut' });
  await expect(client.dispatch(marked)).rejects.toThrow('fetch failed');
  expect(await markers()).toEqual(['aether-m-1']);
});

test('accepted-then-stall: no answer comes within the time, the run exists', async () => {
  client = await clientOf({ scenario: 'accepted-then-stall' });
  const body = JSON.stringify({ ref: 'main', inputs: marked });
  const waiting = client.repo('/actions/workflows/backend-deploy.yml/dispatches', {
    method: 'POST',
    body,
    signal: AbortSignal.timeout(300),
  });
  await expect(waiting).rejects.toThrow(/timeout/i);
  expect(await markers()).toEqual(['aether-m-1']);
});

test('refuses: a 502 and no run', async () => {
  client = await clientOf({ scenario: 'refuses' });
  expect((await client.dispatch(marked)).status).toBe(502);
  expect(await markers()).toEqual([]);
});

test('list-lag: the run is not listed at first, and then it is', async () => {
  client = await clientOf({ scenario: 'list-lag' });
  await client.dispatch(marked);
  const listed = async () =>
    (await (await client.repo('/actions/workflows/backend-deploy.yml/runs?event=workflow_dispatch')).json())
      .total_count;
  expect(await listed()).toBe(0);
  await client.control('advance', { ms: 8_001 });
  expect(await listed()).toBe(1);
});

test('down: everything is a 503 until the scenario changes, also by part', async () => {
  client = await clientOf({ scenario: 'down' });
  expect((await client.api('/user')).status).toBe(503);
  await client.control('scenario', { down: false });
  expect((await client.api('/user')).status).toBe(200);
  await client.control('scenario', { name: 'fails', webhooks: { lose: 0.5 } });
  expect((await client.control('state')).scenario).toMatchObject({
    name: 'fails',
    outcome: 'failure',
    pace: 0.02,
    webhooks: { lose: 0.5, duplicate: 0 },
  });
  expect(await client.control('scenario', { name: 'nope' })).toMatchObject({
    error: expect.stringContaining('Choose one of: happy'),
  });
});

test('the truth counts runs that share a marker', async () => {
  client = await clientOf();
  await Promise.all([client.dispatch(marked), client.dispatch(marked), client.dispatch()]);
  expect(await client.control('state')).toMatchObject({
    counts: { runs: 3, markers: 1, doubled: 1, unmarked: 1 },
    doubled: ['aether-m-1'],
  });
  const log = (await client.control('requests')).requests as { method: string; status: number }[];
  expect(log.filter((entry) => entry.method === 'POST').map((entry) => entry.status)).toEqual([200, 200, 200]);
});

test('the transport reaches simulators only, and follows redirects between them without the credential', async () => {
  client = await clientOf();
  const seen: { url: string; authorization: string | null }[] = [];
  const fetch = sandboxFetch(client.sandbox.url, (input, init) => {
    const request = new Request(input, init);
    seen.push({ url: request.url, authorization: request.headers.get('authorization') });
    return globalThis.fetch(request);
  });
  await expect(fetch('https://api.vendor.example/x')).rejects.toThrow('no simulator for api.vendor.example');
  const headers = { authorization: 'Bearer sandbox-token' };
  const { workflow_runs: runs } = await (
    await fetch('https://api.github.com/repos/aetherstack/aetherstack/actions/runs?status=success&per_page=1', {
      headers,
    })
  ).json();
  expect(runs[0].jobs_url).toMatch(/^https:\/\/api\.github\.com\//);
  const { jobs } = await (await fetch(runs[0].jobs_url, { headers })).json();
  const log = await fetch(`${jobs[0].url}/logs`, { headers });
  expect(await log.text()).toContain('Current runner version');
  expect(seen.at(-1)).toMatchObject({
    url: expect.stringContaining('/productionresultssa0.blob.core.windows.net/'),
    authorization: null,
  });
});

test('a page on another site cannot steer the sandbox', async () => {
  client = await clientOf();
  const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' };
  const answer = await fetch(`${client.sandbox.url}/__sandbox/scenario`, {
    method: 'POST',
    body: '{"name":"down"}',
    headers,
  });
  expect(answer.status).toBe(403);
  expect((await client.control('state')).scenario).toMatchObject({ name: 'happy' });
});

test('a pushed workflow that is not YAML is taken, starts nothing, and a dispatch of it is a 422', async () => {
  client = await clientOf();
  const path = '.github/workflows/backend-deploy.yml';
  const { sha } = await client.control('push', { branch: 'broken', files: { [path]: 'on:\n inputs: [}\n' } });
  expect(sha).toMatch(/^[0-9a-f]{40}$/);
  const answer = await client.repo('/actions/workflows/backend-deploy.yml/dispatches', {
    method: 'POST',
    body: JSON.stringify({ ref: 'broken' }),
  });
  expect([answer.status, (await answer.json()).message]).toEqual([
    422,
    expect.stringMatching(/^failed to parse workflow/),
  ]);
});
