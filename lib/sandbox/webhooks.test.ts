import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import examples from '@octokit/webhooks-examples/api.github.com/index.json' with { type: 'json' };
import { verify } from '@octokit/webhooks-methods';
import { afterEach, expect, test } from 'vitest';
import { Secret } from '@/lib/kernel/secret';
import { githubOpenApi } from '@/lib/providers/conformance/openapi';
import { providers } from '@/lib/providers/registry.generated';
import { type Client, clientOf } from './testing/client';

interface Received {
  path: string | undefined;
  headers: IncomingHttpHeaders;
  text: string;
  body: Record<string, Record<string, unknown>>;
}

let client: Client;
let received: Received[];
let closeReceiver: () => void;
afterEach(async () => {
  await client.sandbox.close();
  closeReceiver();
});

async function start(scenario: string, pace = 0.01): Promise<void> {
  received = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    received.push({ path: request.url, headers: request.headers, text, body: JSON.parse(text) });
    response.writeHead(202).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closeReceiver = () => server.close();
  const webhookUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/webhooks/x`;
  client = await clientOf({ scenario, pace, webhookUrl, webhookSecret: 'whsec' });
}

const words = (event: string) =>
  received.filter((one) => one.headers['x-github-event'] === event).map((one) => String(one.body.action));
const completed = () => words('workflow_run').filter((action) => action === 'completed').length;

test('a run announces itself from request to end, in order and signed', async () => {
  await start('happy');
  await client.dispatch({ environment: 'staging' });
  await expect.poll(completed, { timeout: 10_000 }).toBe(1);
  expect(words('workflow_run')).toEqual(['requested', 'in_progress', 'completed']);
  expect(words('workflow_job').sort()).toEqual(
    ['completed', 'in_progress', 'queued'].flatMap((word) => [word, word, word, word]),
  );
  for (const { headers, text } of received)
    expect(await verify('whsec', text, String(headers['x-hub-signature-256']))).toBe(true);
  expect(new Set(received.map((one) => one.headers['x-github-delivery'])).size).toBe(received.length);
  const last = received.findLast((one) => one.headers['x-github-event'] === 'workflow_run');
  expect(last?.body.workflow_run).toMatchObject({ status: 'completed', conclusion: 'success' });
});

test('a host announces its builds to an address of its own, signed in its own way', async () => {
  await start('happy');
  const hosted = (host: string, path: string, init: RequestInit = {}) =>
    fetch(`${client.sandbox.url}/${host}${path}`, { ...init, headers: { authorization: 'Bearer sandbox-token' } });
  const gitSource = { type: 'github', repoId: 402_117_001, ref: 'main', sha: 'a'.repeat(40) };
  const project = 'aetherstack-dashboard';
  const body = JSON.stringify({ name: project, project, target: 'production', gitSource });
  await hosted('api.vercel.com', '/v13/deployments?forceNew=1', { method: 'POST', body });
  await hosted('api.netlify.com', '/api/v1/sites/aetherstack-docs.netlify.app/builds', { method: 'POST' });
  await client.control('advance', { ms: 120_000 });
  const of = (header: string) => received.filter((one) => one.headers[header] !== undefined);
  await expect.poll(() => of('x-vercel-signature').length, { timeout: 5_000 }).toBeGreaterThan(2);
  await expect.poll(() => of('x-webhook-signature').length, { timeout: 5_000 }).toBeGreaterThan(1);
  for (const [id, header] of [
    ['vercel', 'x-vercel-signature'],
    ['netlify', 'x-webhook-signature'],
  ] as const) {
    const [one] = of(header);
    expect(one?.path).toBe(`/api/webhooks/${id}`);
    const given = new Headers({ [header]: String(one?.headers[header]) });
    const hooks = providers[id]?.methods.webhooks;
    const raw = new TextEncoder().encode(one?.text);
    expect(await hooks?.authenticate(raw, given, [new Secret('whsec')])).toBe(true);
    expect(await hooks?.authenticate(raw, given, [new Secret('another')])).toBe(false);
  }
});

/** What every example of an event has is required, and has the same type there and here. */
function missing(event: string, action: string | null, mine: Record<string, unknown>): string[] {
  const all =
    (examples as { name: string; examples: Record<string, unknown>[] }[]).find((one) => one.name === event)?.examples ??
    [];
  const same = all.filter((one) => action === null || one.action === action);
  return compare('', same, mine);
}

function compare(path: string, samples: Record<string, unknown>[], mine: Record<string, unknown>): string[] {
  const [first = {}] = samples;
  // `installation` is only in the deliveries of an app; ours is a repository's hook.
  const required = Object.keys(first).filter(
    (key) => key !== 'installation' && samples.every((sample) => key in sample),
  );
  return required.flatMap((key) => {
    const name = `${path}.${key}`;
    if (!(key in mine)) return [`${name} is missing`];
    const kinds = new Set(samples.map((sample) => kind(sample[key])));
    if (!kinds.has(kind(mine[key])) && !kinds.has('null') && mine[key] !== null)
      return [`${name} is ${kind(mine[key])}, not ${[...kinds].join(' or ')}`];
    const objects = samples.map((sample) => sample[key]).filter((value) => kind(value) === 'object') as Record<
      string,
      unknown
    >[];
    return objects.length === samples.length && kind(mine[key]) === 'object'
      ? compare(name, objects, mine[key] as Record<string, unknown>)
      : [];
  });
}

const kind = (value: unknown) => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value);

test('payloads have the shape of the recorded ones', async () => {
  await start('happy');
  await client.control('push', { branch: 'main', message: 'docs: more', files: { 'docs/docs/index.md': '# More\n' } });
  await client.dispatch({ environment: 'staging' });
  await expect.poll(completed, { timeout: 10_000 }).toBe(2);
  expect(words('push')).toHaveLength(1);
  for (const { headers, body } of received) {
    const event = String(headers['x-github-event']);
    const action = event === 'push' ? null : String(body.action);
    expect([event, action, missing(event, action, body)]).toEqual([event, action, []]);
  }
});

test('webhooks-lost: nothing arrives', async () => {
  await start('webhooks-lost');
  await client.dispatch({ environment: 'staging' });
  await expect.poll(async () => (await client.runs())[0]?.conclusion, { timeout: 10_000 }).toBe('success');
  expect(received).toEqual([]);
});

test('webhooks-chaos: copies arrive under the same delivery id', async () => {
  await start('webhooks-chaos');
  for (let i = 0; i < 3; i++) await client.dispatch({ environment: 'staging' });
  const counts = () => {
    const byId = new Map<string, number>();
    for (const one of received)
      byId.set(String(one.headers['x-github-delivery']), (byId.get(String(one.headers['x-github-delivery'])) ?? 0) + 1);
    return [...byId.values()];
  };
  await expect.poll(() => counts().filter((count) => count === 5).length, { timeout: 15_000 }).toBeGreaterThan(5);
  expect(counts()).toContain(1);
});

test('a run that waits at an environment asks for its reviewers, and says what they answered', async () => {
  await start('happy');
  const reviewers = [
    { type: 'Team', id: 9_230_011 },
    { type: 'User', id: 8_210_411 },
  ];
  await client.repo('/environments/staging', { method: 'PUT', body: JSON.stringify({ reviewers }) });
  const started = await client.dispatch({ environment: 'staging' });
  const { workflow_run_id: id } = (await started.json()) as { workflow_run_id: number };
  await expect.poll(() => words('deployment_review'), { timeout: 10_000 }).toEqual(['requested']);
  const pending = `/actions/runs/${id}/pending_deployments`;
  const [one] = (await (await client.repo(pending)).json()) as { environment: { id: number } }[];
  const body = JSON.stringify({ environment_ids: [one?.environment.id], state: 'rejected', comment: 'Not today.' });
  await client.repo(pending, { method: 'POST', body, token: 'sandbox-token-yukihara' });
  await expect.poll(completed, { timeout: 10_000 }).toBe(1);
  expect(words('deployment_review')).toEqual(['requested', 'rejected']);
  expect(words('workflow_job').filter((word) => word === 'waiting')).toHaveLength(1);
  const reviews = received.filter((each) => each.headers['x-github-event'] === 'deployment_review');
  for (const { body: sent } of reviews) {
    expect(missing('deployment_review', String(sent.action), sent)).toEqual([]);
    expect(
      githubOpenApi().violations({ $ref: `#/components/schemas/webhook-deployment-review-${sent.action}` }, sent),
    ).toEqual([]);
  }
  const last = received.findLast((each) => each.headers['x-github-event'] === 'workflow_run');
  expect(last?.body.workflow_run).toMatchObject({ id, conclusion: 'failure' });
});
