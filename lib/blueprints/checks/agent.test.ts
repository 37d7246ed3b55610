import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serverBuild } from '@/scripts/agent/testing/builds';
import { type AgentWorld, agentWorld } from '@/scripts/agent/testing/world';
import { Bench, stepOf } from '../testing/bench';
import { MATRIX } from '../testing/matrix';

let bench: Bench;
let world: AgentWorld;
let give = '';
let shared = '';

beforeAll(async () => {
  bench = new Bench();
  const files = await bench.write(MATRIX['dashboard: own server by its agent'] as never);
  give = stepOf(files, 'Give it to the agent');
  shared = stepOf(files, 'See that the environments share no app');
  world = await agentWorld();
  await world.start();
});
afterAll(async () => {
  await world.close();
  bench.remove();
});

const run = (attempt: string, more: Record<string, string> = {}) =>
  bench.run(give, {
    ...{ AGENT_URL: world.url, AGENT_TOKEN: world.tokens.deploy, AETHERSTACK_RENDERING: 'ssg' },
    ...{ AGENT_APP: 'web', ENVIRONMENT: 'staging' },
    ...{ COMMIT: 'a'.repeat(40), GITHUB_RUN_ID: '7001', GITHUB_RUN_ATTEMPT: attempt, ...more },
  });

async function packed(file: string, text = 'hello from the workflow'): Promise<void> {
  const site = path.join(bench.folder, `site-${file}-${text}`);
  mkdirSync(site);
  writeFileSync(path.join(site, file), text);
  const tar = `tar --create --gzip --dereference --hard-dereference --file build.tar.gz --directory "${site}" .`;
  expect(await bench.run(tar)).toMatchObject({ status: 0 });
}

it('the real agent has it live when the step is green, and once for one run', async () => {
  await packed('index.html');
  expect(await run('1')).toMatchObject({ status: 0 });
  expect(await (await fetch(world.site)).text()).toBe('hello from the workflow');
  expect(await run('1'), 'the same attempt sent twice is one deployment').toMatchObject({ status: 0 });
  const { body } = await world.ask('GET', '/v1/apps/web/deployments');
  expect(body.deployments).toMatchObject([{ key: 'run-7001-1', commit: 'a'.repeat(40), mode: 'static' }]);
});

/** Passes everything on to the agent, unless `instead` answers; gives its address to `work`. */
async function behindProxy(
  instead: (method: string, url: string) => Promise<number | null>,
  work: (url: string) => Promise<void>,
): Promise<void> {
  const proxy = createServer(async (request, response) => {
    const { method = 'GET', url = '/' } = request;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const status = await instead(method, url);
    if (status !== null) return void response.writeHead(status).end('bad gateway');
    const { authorization = '', 'idempotency-key': key, 'content-type': type } = request.headers;
    const headers = {
      authorization,
      ...(key ? { 'idempotency-key': String(key) } : {}),
      ...(type && { 'content-type': type }),
    };
    const body = chunks.length > 0 ? Buffer.concat(chunks) : undefined;
    const answer = await fetch(`${world.url}${url}`, { method, headers, ...(body && { body }) });
    response.writeHead(answer.status).end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
  try {
    await work(`http://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
  } finally {
    proxy.close();
  }
}

it('a proxy that does not answer once, at the upload and while it is followed, changes nothing', async () => {
  await packed('index.html', 'again');
  const missed = new Set<string>();
  const missing = async (method: string) => {
    const isFirst = !missed.has(method);
    missed.add(method);
    return isFirst ? 502 : null;
  };
  await behindProxy(missing, async (url) => {
    const ran = await run('9', { AGENT_URL: url });
    expect(ran.status, ran.output).toBe(0);
  });
  expect([...missed].sort()).toEqual(expect.arrayContaining(['POST', 'PUT']));
  const { body } = await world.ask('GET', '/v1/apps/web/deployments');
  expect(body.deployments.filter(({ key }: { key: string }) => key === 'run-7001-9')).toHaveLength(1);
});

it('a deployment that goes on there already is waited for, and then it is this one’s turn', async () => {
  await packed('index.html', 'after the other one');
  // A server that answers its health check with an error is asked again and again, until somebody cancels it.
  const sick = serverBuild('sick', 500);
  await world.upload(sick, 'c'.repeat(40));
  bench.stub('sleep', 'exit 0');
  let other = '';
  let asked = 0;
  const busy = async (method: string, url: string) => {
    if (method !== 'POST' || !url.endsWith('/deployments')) return null;
    asked += 1;
    if (asked === 1) other = (await world.deploy('another-one', 'c'.repeat(40))).id;
    if (asked === 2) {
      await world.ask('POST', `/v1/apps/web/deployments/${other}/cancel`);
      await world.until(other);
    }
    return null;
  };
  await behindProxy(busy, async (url) => {
    const ran = await run('10', { AGENT_URL: url });
    expect(ran.status, ran.output).toBe(0);
  });
  expect(asked).toBe(2);
  expect(await (await fetch(world.site)).text()).toBe('after the other one');
});

it('environments are apps of their own, and no variable makes them one', async () => {
  const asked = path.join(bench.folder, 'asked');
  const other = new Bench();
  try {
    other.stub('curl', `for word in "$@"; do case "$word" in http*) echo "$word" >> ${asked} ;; esac; done; exit 22`);
    await other.run('touch build.tar.gz');
    const given = { AGENT_URL: 'http://agent.example', AGENT_TOKEN: 't', AETHERSTACK_RENDERING: 'ssg' };
    for (const more of [
      { ENVIRONMENT: 'staging', AGENT_APP: '' },
      { ENVIRONMENT: 'Production', AGENT_APP: '' },
      { ENVIRONMENT: 'production', AGENT_APP: 'shop' },
    ])
      expect((await other.run(give, { ...given, ...more })).status).toBe(1);
    const apps = readFileSync(asked, 'utf8').match(/(?<=apps\/)[^/]+/g);
    expect(apps).toEqual(['dashboard-staging', 'dashboard-production', 'shop']);
    const odd = await other.run(give, { ...given, ENVIRONMENT: 'a/b', AGENT_APP: '' });
    expect(odd).toMatchObject({ status: 1, output: expect.stringContaining('Set AGENT_APP_DASHBOARD, a variable') });
  } finally {
    other.remove();
  }
  expect(await bench.run(shared, { AETHERSTACK_SHARED: '' })).toMatchObject({ status: 0 });
  expect(await bench.run(shared, { AETHERSTACK_SHARED: 'web' })).toMatchObject({
    ...{ status: 1, output: expect.stringContaining('all environments would be one app') },
  });
});

it('two dashboards of one repository read no app of each other’s', async () => {
  const own = new Bench();
  try {
    const files = await own.write({ ...MATRIX['dashboard: own server by its agent'], name: 'shop-2' } as never);
    const text = files.find(({ path: file }) => file === '.github/workflows/shop-2-deploy.yml')?.text ?? '';
    const read = [...text.matchAll(/vars\.(AGENT_APP\w*)/g)].map(([, name]) => name);
    expect(read).toEqual(['AGENT_APP_SHOP_2', 'AGENT_APP_SHOP_2']);
  } finally {
    own.remove();
  }
});

it('a build that the agent does not take, and a token that may not, end red with why', async () => {
  const before = world.current();
  await packed('readme.txt');
  const refused = await run('2');
  expect(refused.status).toBe(1);
  expect(refused.output).toContain('::error::The build has neither');
  const weak = await run('3', { AGENT_TOKEN: world.tokens.read });
  expect(weak.status).not.toBe(0);
  expect(weak.output).toContain('missing_permission');
  expect(world.current()).toBe(before);
});
