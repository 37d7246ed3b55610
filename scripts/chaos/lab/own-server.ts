import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { createAgent } from '../../agent/agent.mjs';
import { requestListener } from '../../agent/api.mjs';
import { checkConfig } from '../../agent/config.mjs';
import { staticBuild } from '../../agent/testing/builds';
import { digestOf, newToken } from '../../agent/tokens.mjs';
import type { TrueRun, Vendors } from './vendors';

/** The provider whose agent it is. */
export const OWN_SERVER = 'self-host';

interface Place {
  planRun(release: string, port: number): unknown;
}

/** Releases are listeners of this process: an agent that starts some hundred real ones would measure the machine. */
function listeners() {
  const servers = new Map<string, http.Server>();
  const stop = (release: string) => {
    servers.get(release)?.close();
    servers.delete(release);
  };
  return {
    supervisor: {
      async start(app: Place, release: string) {
        const server = http.createServer((_, response) => response.end());
        servers.set(release, server);
        return app.planRun(release, await listening(server));
      },
      stop: (_: Place, release: string) => stop(release),
      isRunning: (_: Place, release: string) => servers.has(release),
      listed: async (_: Place, releases: string[]) => releases.filter((each) => servers.has(each)),
      front: { isRunning: () => true, isUp: () => true, start: () => undefined, stop: () => undefined },
    },
    close: () => {
      for (const release of servers.keys()) stop(release);
    },
  };
}

async function listening(server: http.Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** It has been taken, and whoever asked is told that it failed. */
function spoil(response: http.ServerResponse): void {
  const tell = response.writeHead.bind(response);
  const told = (status: number, ...more: unknown[]) => tell(status < 300 ? 502 : status, ...(more as []));
  Object.assign(response, { writeHead: told });
}

/**
 * The agent of a server of one's own, its real code behind real HTTP: an app for each target, since it takes one deployment
 * of an app at a time and refuses the next. Everything is kept below `folder`.
 */
export async function ownServer(folder: string, count: number): Promise<Vendors> {
  const keys = { deploy: newToken(), upload: newToken() };
  const names = Array.from({ length: count }, (_, i) => `app-${i}`);
  const settings = { front: { port: 1 }, drainMs: 0, health: { tries: 5, everyMs: 20, timeoutMs: 2_000 } };
  const config = checkConfig({
    ...{ root: path.join(folder, 'own-server'), listen: { port: 0 }, askAddresses: false },
    tokens: Object.entries(keys).map(([role, text]) => ({ name: role, role, sha256: digestOf(text) })),
    apps: Object.fromEntries(names.map((name) => [name, settings])),
  });
  const releases = listeners();
  const agent = createAgent(config, { supervisor: releases.supervisor });
  const answer = requestListener(agent, config);
  let acceptThen502 = 0;
  const server = http.createServer((request, response) => {
    if (request.method === 'POST' && acceptThen502 === 1) spoil(response);
    answer(request, response);
  });
  const url = `http://127.0.0.1:${await listening(server)}`;
  await agent.open();
  return {
    places: [
      {
        ...{ providerId: OWN_SERVER, origin: url, credential: { kind: 'token', token: keys.deploy } },
        configs: names.map((app) => ({ app, repository: 'aetherstack/aetherstack', defaultRef: 'main' })),
      },
    ],
    async upload(sha) {
      const { sha256, bytes } = staticBuild(sha);
      const headers = { authorization: `Bearer ${keys.upload}` };
      for (const name of names) {
        const address = `${url}/v1/apps/${name}/uploads/${sha256}?commit=${sha}`;
        const { status } = await fetch(address, { method: 'PUT', headers, body: bytes as BodyInit });
        if (status !== 201) throw new Error(`The agent refused a build (${status}).`);
      }
    },
    ...truthOf([...agent.apps.values()]),
    async scenario(change) {
      acceptThen502 = change.acceptThen502 ?? acceptThen502;
    },
    async close() {
      await agent.close();
      releases.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface App {
  journal: { all(): Entry[] };
  /** The release that is live. */
  current(): string | null;
}

function truthOf(apps: readonly App[]): Pick<Vendors, 'truth' | 'deeds' | 'live'> {
  const recordsOf = (kind: string) => apps.flatMap(({ journal }) => journal.all().filter((each) => each.kind === kind));
  // A journal keeps the last of them only, so they are gathered whenever somebody asks.
  const restored = new Map<string, string>();
  return {
    truth: async () => recordsOf('deploy').map(runOf),
    deeds: async () => {
      for (const { id, release } of recordsOf('restore')) restored.set(id, release ?? '');
      return [...restored.values()].map((what) => ({ provider: OWN_SERVER, kind: 'serve' as const, what }));
    },
    live: async () => apps.map((app) => ({ provider: OWN_SERVER, id: app.current() })),
  };
}

interface Entry {
  id: string;
  kind: string;
  key: string;
  createdAt: string;
  phase: string;
  release?: string;
}

/** The marker is the key that it was asked for with. */
function runOf({ id, key, createdAt, phase }: Entry): TrueRun {
  return { provider: OWN_SERVER, id, marker: key, createdAt, attempt: 1, status: phase, conclusion: null };
}
