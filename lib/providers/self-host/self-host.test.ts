import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '@/lib/kernel/secret';
import { createAgent } from '@/scripts/agent/agent.mjs';
import { requestListener } from '@/scripts/agent/api.mjs';
import { checkConfig } from '@/scripts/agent/config.mjs';
import { openapi } from '@/scripts/agent/openapi.mjs';
import { serverBuild, staticBuild } from '@/scripts/agent/testing/builds';
import { digestOf, newToken } from '@/scripts/agent/tokens.mjs';
import { type Harness, type MemoryWorld, memoryWorld, wire } from '../conformance/harness';
import { OpenApi } from '../conformance/openapi';
import { checkedFetch, createSpecCheck } from '../conformance/spec-check';
import { conformance } from '../conformance/suite';
import { provider } from './adapter';
import { inProcess } from './testing/in-process';
import { faulty } from './testing/proxy';

const API = 'https://agent.example.com';
const SHA = 'a'.repeat(40);
const OTHER = 'b'.repeat(40);
const ROOT = mkdtempSync(path.join(os.tmpdir(), 'aetherstack-self-host-'));
// biome-ignore lint/suspicious/noExplicitAny: the contract is data of the agent.
const contract = new OpenApi(openapi as any);
const spec = createSpecCheck(contract, {
  generalStatuses: [429, 502, 503],
  extraMedia: {},
  extraStatuses: {},
  freeParameters: [],
  defects: {},
  isProblem: (body) => typeof body === 'object' && body !== null && 'error' in body,
});
const token = (text: string) => ({ kind: 'token', token: new Secret(text) }) as const;
const keys = { deploy: newToken(), upload: newToken(), read: newToken() };
const open: { close(): Promise<void> }[] = [];
let serial = 0;

afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});
afterAll(() => rmSync(ROOT, { recursive: true, force: true }));

/** A real agent behind real HTTP. Its releases run in this process, and its steps wait for the world's time. */
interface Own extends Harness {
  url: string;
  world: MemoryWorld;
  runs: ReturnType<typeof inProcess>;
  // biome-ignore lint/suspicious/noExplicitAny: the agent is plain JavaScript.
  app: any;
}

async function harness(): Promise<Own> {
  const world = memoryWorld();
  const runs = inProcess(world, () => agent.apps.get('web')?.isIdle() ?? true);
  const config = checkConfig({
    root: path.join(ROOT, String(++serial)),
    listen: { port: 0 },
    askAddresses: false,
    tokens: Object.entries(keys).map(([role, text]) => ({ name: role, role, sha256: digestOf(text) })),
    apps: {
      web: {
        ...{ front: { port: 1 }, addresses: ['web.example.com', 'www.example.com'], drainMs: 0 },
        health: { tries: 2, everyMs: 1, timeoutMs: 2_000 },
      },
    },
  });
  const agent = createAgent(config, { now: world.now, gate: runs.gate, supervisor: runs.supervisor });
  const server: Server = createServer(requestListener(agent, config));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  open.push({
    async close() {
      runs.close();
      await Promise.all([...agent.apps.values()].map((app) => app.work));
      await agent.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
  const direct: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    await runs.settled();
    const body = request.body ? await request.arrayBuffer() : undefined;
    return globalThis.fetch(request.url.replace(API, url), {
      method: request.method,
      headers: request.headers,
      ...(body ? { body } : {}),
    });
  };
  const violations: string[] = [];
  const fetch = faulty(world, recording(checkedFetch(direct, API, spec), violations));
  const headers = { authorization: `Bearer ${keys.upload}` };
  for (const build of [serverBuild('one')]) {
    const address = `${url}/v1/apps/web/uploads/${build.sha256}?commit=${SHA}`;
    await globalThis.fetch(address, { method: 'PUT', headers, body: build.bytes as BodyInit });
  }
  return {
    ...{ runs, app: agent.apps.get('web') },
    ...{ world, url, fetch, ref: 'main', inputs: {}, revision: { ref: 'main', refKind: 'branch', sha: SHA } },
    target: { app: 'web', repository: 'acme/website', defaultRef: 'main' },
    credentials: { good: token(keys.deploy), refused: token(newToken()), weak: token(keys.read) },
    isMutation: (request) => request.method !== 'GET',
    markers: () =>
      agent.apps
        .get('web')
        ?.journal.all()
        .flatMap(({ kind, key }: { kind: string; key: string }) =>
          kind === 'deploy' && key.startsWith('aether-') ? [key] : [],
        ) ?? [],
    garbled: (inner) => async (input, init) => {
      const answer = await inner(input, init);
      return new Response((await answer.text()).replace(/"phase":"\w+"/, '"phase":"teleporting"'));
    },
    byOthers: async () => {
      const body = JSON.stringify({ artifact: { commit: SHA }, commit: SHA });
      const more = {
        authorization: `Bearer ${keys.deploy}`,
        'content-type': 'application/json',
        'idempotency-key': 'by-hand-1',
      };
      await direct(`${API}/v1/apps/web/deployments`, { method: 'POST', headers: more, body });
    },
    assertContract: () => expect(violations.join('\n')).toBe(''),
  };
}

function recording(inner: typeof globalThis.fetch, violations: string[]): typeof globalThis.fetch {
  return async (input, init) => {
    try {
      return await inner(input, init);
    } catch (error) {
      violations.push(String(error));
      throw error;
    }
  };
}

conformance(provider, harness);

describe('what is peculiar to a server of one’s own', () => {
  let own: Awaited<ReturnType<typeof harness>>;
  const { deploy, status, live, promote, rendering, configuration, domains } = provider.methods;
  const c = () => wire(provider.manifest, own).context;
  const start = (marker: string, more: Record<string, unknown> = {}) =>
    deploy.trigger(c(), own.target, {
      marker,
      revision: { ref: 'main', refKind: 'branch', sha: SHA },
      inputs: {},
      ...more,
    });

  beforeEach(async () => {
    own = await harness();
  });

  it('serves the contract that the adapter and the agent are checked by', async () => {
    expect(await (await fetch(`${own.url}/openapi.json`)).json()).toEqual(JSON.parse(JSON.stringify(openapi)));
  });

  it('takes the same marker for the same deployment, and refuses a second one while it goes on', async () => {
    const [first, again] = [await start('aether-same-1'), await start('aether-same-1')];
    expect(again).toEqual(first);
    await expect(start('aether-other-1')).rejects.toMatchObject({ kind: 'rejected', code: 'busy', ambiguous: false });
    await expect(start('aether-same-1', { rendering: 'ssg' })).rejects.toMatchObject({ code: 'key_reused' });
    expect(own.markers()).toEqual(['aether-same-1']);
  });

  it('refuses a build of the other kind than was asked for, and says which is live', async () => {
    const failed = await start('aether-mode-1', { rendering: 'ssg' });
    own.world.advance(60_000);
    const seen = await status.observe(c(), own.target, failed ?? expect.fail());
    expect(seen).toMatchObject({
      phase: 'failed',
      failure: { step: 'Unpack', sentence: expect.stringContaining('server one') },
    });
    expect(await rendering.read(c(), own.target, 'main')).toMatchObject({ mode: null });
    await start('aether-mode-2', { rendering: 'ssr' });
    own.world.advance(60_000);
    expect(await rendering.read(c(), own.target, 'main')).toMatchObject({ mode: 'ssr', raw: 'server' });
    const build = staticBuild('pages');
    const address = `${own.url}/v1/apps/web/uploads/${build.sha256}?commit=${OTHER}&mode=static`;
    const sent = { method: 'PUT', headers: { authorization: `Bearer ${keys.upload}` }, body: build.bytes as BodyInit };
    expect((await fetch(address, sent)).status).toBe(201);
    const revision = { ref: 'main', refKind: 'branch', sha: OTHER };
    await start('aether-mode-3', { rendering: 'ssg', revision });
    own.world.advance(60_000);
    expect(await rendering.read(c(), own.target, 'main')).toMatchObject({ mode: 'ssg' });
    expect(await live.read(c(), own.target)).toMatchObject({ marker: 'aether-mode-3' });
  });

  it('fills the address of a build in, and asks for a mode where the address needs one', async () => {
    const build = 'https://builds.example.com/{sha}/{mode}.tar.gz';
    const target = { ...own.target, build };
    const asked = {
      marker: 'aether-url-1',
      revision: { ref: 'main', refKind: 'branch' as const, sha: SHA },
      inputs: {},
    };
    await expect(deploy.trigger(c(), target, asked)).rejects.toMatchObject({ code: 'no_mode' });
    await expect(deploy.trigger(c(), target, { ...asked, rendering: 'ssr' })).rejects.toMatchObject({
      kind: 'rejected',
      code: 'host_not_allowed',
      message: expect.stringContaining('builds.example.com'),
    });
    for (const wrong of [
      'http://builds.example.com/{sha}',
      'https://builds.example.com/x',
      'https://b.example.com/{sha}{x}',
    ])
      expect(provider.manifest.targetConfig.safeParse({ ...own.target, build: wrong }).success, wrong).toBe(false);
  });

  it('keeps variables that nobody reads back, and they count with the next release', async () => {
    const write = (name: string, text: string) =>
      configuration.write(c(), 'web', { kind: 'secret', name, value: new Secret(text) });
    expect(await write('API_KEY', 'first-value-1')).toBe('created');
    await start('aether-env-1');
    own.world.advance(60_000);
    expect(await write('API_KEY', 'other-value-2')).toBe('replaced');
    const startedWith = async () => (await configuration.reads(c(), own.target, 'production')).liveNames;
    expect(await startedWith()).toEqual([{ kind: 'secret', name: 'API_KEY' }]);
    const listed = await configuration.list(c(), 'web');
    expect(listed).toMatchObject([{ kind: 'secret', name: 'API_KEY', value: null }]);
    expect(await configuration.remove(c(), 'web', { kind: 'secret', name: 'API_KEY' })).toBe('removed');
    expect(await configuration.remove(c(), 'web', { kind: 'secret', name: 'API_KEY' })).toBe('absent');
    expect(await startedWith(), 'what runs has it still').toEqual([{ kind: 'secret', name: 'API_KEY' }]);
    await expect(write('NODE_OPTIONS', '--require=/tmp/x')).rejects.toMatchObject({ code: 'reserved_name' });
  });

  it('says of a promotion which way it went, and restores nothing that never was live', async () => {
    const first = (await start('aether-way-1')) ?? expect.fail();
    own.world.advance(60_000);
    await start('aether-way-2');
    own.world.advance(60_000);
    await promote.promote(c(), own.target, first);
    own.world.advance(60_000);
    expect(await promote.serving(c(), own.target)).toMatchObject({
      change: { to: first.id, kind: 'promote', state: 'done' },
    });
    own.world.set({ outcome: 'failure' });
    const failed = (await start('aether-way-3')) ?? expect.fail();
    own.world.advance(60_000);
    await expect(promote.restore(c(), own.target, failed)).rejects.toMatchObject({
      kind: 'rejected',
      code: 'not_ready',
    });
    expect(await live.read(c(), own.target)).toMatchObject({ marker: 'aether-way-1' });
  });

  it('says that visitors get nothing, whether the release or its front is gone', async () => {
    const ref = (await start('aether-down-1')) ?? expect.fail();
    own.world.advance(60_000);
    expect(await promote.serving(c(), own.target)).toMatchObject({ ref: { id: ref.id }, changed: [] });
    own.runs.setFront(false);
    const seen = await promote.serving(c(), own.target);
    expect(seen).toMatchObject({ ref: null, down: expect.stringContaining('another program may have its port') });
    await expect(live.read(c(), own.target)).rejects.toMatchObject({ kind: 'unavailable', code: 'not_running' });
    own.runs.setFront(true);
    own.runs.end(ref.id);
    expect((await promote.serving(c(), own.target)).down).toContain('does not run');
  });

  it('an address counts once the agent found that it leads there, and never before', async () => {
    await start('aether-names-1');
    own.world.advance(60_000);
    const read = async () =>
      ((await domains.read(c(), own.target)) ?? []).map(({ name, verified }) => [name, verified]);
    expect((await read()).map(([, verified]) => verified)).toEqual([false, false]);
    own.app.leadsHere.set('www.example.com', true);
    expect(await read()).toContainEqual(['www.example.com', true]);
  });

  it('tells of a going back that failed, with the agent’s own words, however long ago that was', async () => {
    const first = (await start('aether-back-1')) ?? expect.fail();
    own.world.advance(60_000);
    await start('aether-back-2');
    own.world.advance(60_000);
    own.runs.end(first.id);
    own.runs.sicken(first.id);
    await promote.restore(c(), own.target, first);
    own.world.advance(6 * 3_600_000);
    expect((await promote.serving(c(), own.target)).change).toMatchObject({
      ...{ to: first.id, state: 'failed' },
      sentence: expect.stringContaining('answers 500'),
    });
  });

  it('a name, an app and an address that are not there are three things', async () => {
    const gone = { ...own.target, app: 'other' };
    await expect(live.read(c(), gone)).rejects.toMatchObject({ kind: 'notFound', code: 'no_app' });
    const removed = configuration.remove(c(), 'other', { kind: 'secret', name: 'API_KEY' });
    await expect(removed, 'an app that is not there has no absent variables').rejects.toMatchObject({ code: 'no_app' });
    const asked = promote.restore(c(), own.target, { id: '1', attempt: 1, url: '' });
    await expect(asked).rejects.toMatchObject({ message: expect.stringContaining('no deployment 1 of web') });
  });
});
