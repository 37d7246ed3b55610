import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { freePort, marks, stop } from '../processes.mjs';
import { digestOf, newToken } from '../tokens.mjs';
import type { Build } from './builds';

const PROGRAM = path.join(import.meta.dirname, '..', 'aetherstack-agent.mjs');

export interface AgentWorld {
  root: string;
  url: string;
  site: string;
  tokens: { deploy: string; upload: string; read: string };
  start(failpoint?: string): Promise<void>;
  /** kill -9 of the agent alone. */
  kill(): Promise<void>;
  ended(): Promise<void>;
  ask(method: string, path: string, more?: Asked): Promise<{ status: number; body: Record<string, never> & Answer }>;
  upload(build: Build, commit: string): Promise<void>;
  deploy(key: string, commit: string): Promise<Answer>;
  until(id: string, phases?: string[]): Promise<Answer>;
  /** Releases of the app that run. */
  running(): string[];
  current(): string | null;
  close(): Promise<void>;
}

// biome-ignore lint/suspicious/noExplicitAny: answers of every kind are read by the tests.
type Answer = any;
interface Asked {
  token?: string;
  body?: unknown;
  raw?: Buffer;
  headers?: Record<string, string>;
}

/** An agent as a process of its own, with a folder, tokens and an app called `web`. */
export async function agentWorld(app: Record<string, unknown> = {}): Promise<AgentWorld> {
  const root = mkdtempSync(path.join(os.tmpdir(), 'aetherstack-agent-'));
  const [port, front] = [await freePort(), await freePort()];
  const tokens = { deploy: newToken(), upload: newToken(), read: newToken() };
  const config = {
    root: path.join(root, 'data'),
    listen: { port },
    loopbackArtifacts: true,
    askAddresses: false,
    tokens: Object.entries(tokens).map(([role, token]) => ({ name: role, role, sha256: digestOf(token) })),
    apps: {
      web: {
        ...{ front: { host: '127.0.0.1', port: front }, drainMs: 200, graceMs: 2_000, addresses: ['web.example.com'] },
        health: { path: '/', tries: 60, everyMs: 50, timeoutMs: 2_000 },
        ...app,
      },
    },
  };
  const file = path.join(root, 'agent.json');
  writeFileSync(file, JSON.stringify(config));
  const home = path.join(root, 'data', 'apps', 'web');
  let child: ChildProcess | null = null;

  const world: AgentWorld = {
    root,
    tokens,
    url: `http://127.0.0.1:${port}`,
    site: `http://127.0.0.1:${front}`,
    async start(failpoint) {
      const env = { ...process.env, ...(failpoint ? { AETHERSTACK_AGENT_FAILPOINT: failpoint } : {}) };
      const started = spawn(process.execPath, [PROGRAM, 'serve', '--config', file], {
        env,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      child = started;
      await once(started.stdout, 'data');
    },
    async kill() {
      if (child && child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
    },
    async ended() {
      if (child && child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
    async ask(method, address, { token = tokens.deploy, body, raw, headers = {} } = {}) {
      const sent = raw ?? (body === undefined ? undefined : JSON.stringify(body));
      const answer = await fetch(`${world.url}${address}`, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(sent === undefined ? {} : { body: sent as BodyInit }),
      });
      const text = await answer.text();
      return { status: answer.status, body: text === '' ? null : JSON.parse(text) };
    },
    async upload(build, commit) {
      const address = `/v1/apps/web/uploads/${build.sha256}?commit=${commit}`;
      const { status, body } = await world.ask('PUT', address, { raw: build.bytes, token: tokens.upload });
      if (status > 201) throw new Error(JSON.stringify(body));
    },
    async deploy(key, commit) {
      const asked = { body: { artifact: { commit }, commit, ref: 'main' }, headers: { 'idempotency-key': key } };
      const { status, body } = await world.ask('POST', '/v1/apps/web/deployments', asked);
      if (status > 201) throw new Error(JSON.stringify(body));
      return body;
    },
    async until(id, phases = ['live', 'failed', 'cancelled']) {
      for (const end = Date.now() + 15_000; Date.now() < end; ) {
        const { body } = await world.ask('GET', `/v1/apps/web/deployments/${id}`);
        if (phases.includes(body.phase)) return body;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      throw new Error(`${id} never was ${phases.join(' or ')}`);
    },
    running: () =>
      [...marks()]
        .filter((mark) => mark.startsWith(`${home}#`) && !mark.endsWith('#front'))
        .map((mark) => mark.slice(home.length + 1)),
    current() {
      try {
        return path.basename(readlinkSync(path.join(home, 'current')));
      } catch {
        return null;
      }
    },
    async close() {
      await world.kill();
      for (const mark of marks()) if (mark.startsWith(`${home}#`)) await stop(mark, 1_000);
      rmSync(root, { recursive: true, force: true });
    },
  };
  return world;
}
