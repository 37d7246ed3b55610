import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AgentWorld, agentWorld } from '@/scripts/agent/testing/world';
import { Bench, stepOf } from '../testing/bench';
import { MATRIX } from '../testing/matrix';

let bench: Bench;
let world: AgentWorld;
let give = '';

beforeAll(async () => {
  bench = new Bench();
  const settings = MATRIX['dashboard: own server by its agent'] as { name: string };
  give = stepOf(await bench.write(settings as never), 'Give it to the agent').replaceAll(
    `/apps/${settings.name}`,
    '/apps/web',
  );
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

it('a proxy that does not answer once, at the upload and while it is followed, changes nothing', async () => {
  await packed('index.html', 'again');
  const missed = new Set<string>();
  const proxy = createServer(async (request, response) => {
    const { method = 'GET', url = '/' } = request;
    if (!missed.has(method)) {
      missed.add(method);
      request.resume();
      return void response.writeHead(502).end('bad gateway');
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
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
  const { port } = proxy.address() as AddressInfo;
  try {
    const ran = await run('9', { AGENT_URL: `http://127.0.0.1:${port}` });
    expect(ran.status, ran.output).toBe(0);
    expect([...missed].sort()).toEqual(expect.arrayContaining(['POST', 'PUT']));
    const { body } = await world.ask('GET', '/v1/apps/web/deployments');
    expect(body.deployments.filter(({ key }: { key: string }) => key === 'run-7001-9')).toHaveLength(1);
  } finally {
    proxy.close();
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
