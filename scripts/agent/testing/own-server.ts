import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'vitest';
import { Secret } from '@/lib/kernel/secret';
import { type Harness, type MemoryWorld, memoryWorld } from '@/lib/providers/conformance/harness';
import { OpenApi } from '@/lib/providers/conformance/openapi';
import { checkedFetch, createSpecCheck } from '@/lib/providers/conformance/spec-check';
import { inProcess } from '@/lib/providers/self-host/testing/in-process';
import { faulty } from '@/lib/providers/self-host/testing/proxy';
import { createAgent } from '../agent.mjs';
import { requestListener } from '../api.mjs';
import { checkConfig } from '../config.mjs';
import { openapi } from '../openapi.mjs';
import { digestOf, newToken } from '../tokens.mjs';
import { serverBuild } from './builds';

/** Where the console finds the agent. */
export const API = 'https://agent.example.com';
export const SHA = 'a'.repeat(40);
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

/** A real agent behind real HTTP. Its releases run in this process, and its steps wait for the world's time. */
export interface Own extends Harness {
  url: string;
  world: MemoryWorld;
  runs: ReturnType<typeof inProcess>;
  // biome-ignore lint/suspicious/noExplicitAny: the agent is plain JavaScript.
  app: any;
  /** As its pipeline would: 201, or what the agent says. */
  upload(build: { sha256: string; bytes: Uint8Array }, commit: string, app?: string, mode?: string): Promise<number>;
  close(): Promise<void>;
}

/** `apps`: the first one is the harness' target; it has the build of `SHA`. `deploy`: the token that may deploy. */
export async function ownServer(apps = ['web'], deploy = newToken()): Promise<Own> {
  const keys = { deploy, upload: newToken(), read: newToken() };
  const folder = mkdtempSync(path.join(os.tmpdir(), 'aetherstack-self-host-'));
  const world = memoryWorld();
  const all = () => [...agent.apps.values()];
  const runs = inProcess(world, () => all().every((app) => app.isIdle()));
  const settings = {
    ...{ addresses: ['web.example.com', 'www.example.com'], drainMs: 0 },
    health: { tries: 2, everyMs: 1, timeoutMs: 2_000 },
  };
  const config = checkConfig({
    root: folder,
    listen: { port: 0 },
    askAddresses: false,
    tokens: Object.entries(keys).map(([role, text]) => ({ name: role, role, sha256: digestOf(text) })),
    apps: Object.fromEntries(apps.map((name, at) => [name, { ...settings, front: { port: at + 1 } }])),
  });
  const agent = createAgent(config, { now: world.now, gate: runs.gate, supervisor: runs.supervisor });
  const server: Server = createServer(requestListener(agent, config));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
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
  const [first = ''] = apps;
  const own: Own = {
    ...{ runs, app: agent.apps.get(first), world, url, ref: 'main', inputs: {} },
    fetch: faulty(world, recording(checkedFetch(direct, API, spec), violations)),
    revision: { ref: 'main', refKind: 'branch', sha: SHA },
    target: { app: first, repository: 'acme/website', defaultRef: 'main' },
    credentials: { good: token(keys.deploy), refused: token(newToken()), weak: token(keys.read) },
    isMutation: (request) => request.method !== 'GET',
    markers: () => all().flatMap((app) => markersOf(app.journal.all())),
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
      await direct(`${API}/v1/apps/${first}/deployments`, { method: 'POST', headers: more, body });
    },
    assertContract: () => expect(violations.join('\n')).toBe(''),
    async upload({ sha256, bytes }, commit, app = first, mode) {
      const address = `${url}/v1/apps/${app}/uploads/${sha256}?commit=${commit}${mode ? `&mode=${mode}` : ''}`;
      const headers = { authorization: `Bearer ${keys.upload}` };
      return (await globalThis.fetch(address, { method: 'PUT', headers, body: bytes as BodyInit })).status;
    },
    async close() {
      runs.close();
      await Promise.all(all().map((app) => app.work));
      await agent.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await own.upload(serverBuild('one'), SHA);
  return own;
}

const markersOf = (records: { kind: string; key: string }[]) =>
  records.flatMap(({ kind, key }) => (kind === 'deploy' && key.startsWith('aether-') ? [key] : []));

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
