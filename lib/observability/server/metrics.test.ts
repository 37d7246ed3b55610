import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { ApiHost } from '@/lib/api/caller';
import { serveMetrics } from '@/lib/api/serve-metrics';
import type { Actor } from '@/lib/auth/actor';
import type { Database } from '@/lib/db/client';
import { inbox, quotas, quotaUsage } from '@/lib/db/schema';
import { openTestDatabase, personActor, testContext } from '@/lib/db/testing/context';
import { makeComponent, makeConnection, makeDeployment, makeTarget } from '@/lib/db/testing/factories';
import { ensureTool } from '@/scripts/testing/tools.mjs';

const TOKEN = 'a-metrics-token-of-this-test';
const anonymous: Actor = { kind: 'anonymous', name: 'anonymous', ip: null };

let database: Database;
let connectionId: string;
beforeAll(async () => {
  database = await openTestDatabase();
  const { db } = database;
  const connection = await makeConnection(db, { name: 'Ada’s secret account' });
  connectionId = connection.id;
  const component = await makeComponent(db, { slug: 'hidden-name', name: 'Hidden Name' });
  const config = { repository: 'acme/hidden', workflow: 'deploy.yml', defaultRef: 'main' };
  const target = await makeTarget(db, { connection, component, config });
  await makeDeployment(db, target, 'succeeded');
  await makeDeployment(db, target, 'building', { nextCheckAt: new Date(Date.now() - 90_000), troubleCount: 2 });
  await db.insert(quotas).values({
    ...{ connectionId, resource: 'core', limit: 5000, remaining: 1234 },
    ...{ resetAt: new Date(Date.now() + 600_000), updatedAt: new Date() },
  });
  const hour = new Date(Math.floor(Date.now() / 3_600_000) * 3_600_000);
  await db.insert(quotaUsage).values({ connectionId, hour, consumer: 'engine', charged: 7, free: 3, held: 1 });
  await db.insert(inbox).values({
    ...{ id: 'hook_1', connectionId, providerId: 'fake', deliveryId: 'd1', event: 'ping', bytes: 2 },
    ...{ body: Buffer.from('{}'), state: 'received', receivedAt: new Date(Date.now() - 30_000) },
  });
});
afterAll(() => database.close());

function host(cookie: Actor = anonymous): ApiHost {
  return {
    facts: { requestId: 'req_1', ip: null, origin: null, secFetchSite: null },
    ownOrigin: 'https://own.test',
    cookieActor: async () => cookie,
    contextFor: (actor) => testContext(database.db, { actor }),
  };
}

function scrape(authorization: string | null, cookie?: Actor, token: string | undefined = TOKEN) {
  const headers = new Headers(authorization === null ? [] : [['authorization', authorization]]);
  return serveMetrics(new Request('https://own.test/api/metrics', { headers }), host(cookie), token);
}

describe('who may read the metrics', () => {
  test.each([
    ['nobody', null, anonymous, 401],
    ['a wrong token', 'Bearer a-metrics-token-of-this-tesT', anonymous, 401],
    ['the token itself without its scheme', TOKEN, anonymous, 401],
    ['the scraper’s token', `Bearer ${TOKEN}`, anonymous, 200],
    ['somebody who sees every environment', null, personActor([{ role: 'viewer', environmentPattern: '*' }]), 200],
    ['somebody who sees one', null, personActor([{ role: 'admin', environmentPattern: 'staging' }]), 403],
  ] as const)('%s', async (_, authorization, cookie, status) => {
    expect((await scrape(authorization, cookie)).status).toBe(status);
  });

  test('without a token of its own, “Bearer undefined” opens nothing', async () => {
    for (const given of ['Bearer undefined', 'Bearer ', 'Bearer']) {
      const answer = await serveMetrics(
        new Request('https://own.test/api/metrics', { headers: { authorization: given } }),
        host(),
        undefined,
      );
      expect(answer.status, given).toBe(401);
    }
  });
});

describe('what they say', () => {
  test('counts and ages, and no name of a person, a repository or a component', async () => {
    const text = await (await scrape(`Bearer ${TOKEN}`)).text();
    const value = (line: string) =>
      Number(
        text
          .split('\n')
          .find((each) => each.startsWith(`${line} `))
          ?.split(' ')
          .at(-1),
      );
    expect(value('aetherstack_deployments{status="building"}')).toBe(1);
    expect(value('aetherstack_deployments{status="queued"}')).toBe(0);
    expect(value('aetherstack_deployments_ended_total{status="succeeded"}')).toBe(1);
    expect(value('aetherstack_deployments_troubled')).toBe(1);
    expect(value('aetherstack_reconcile_lag_seconds')).toBeGreaterThanOrEqual(90);
    expect(value('aetherstack_webhook_lag_seconds')).toBeGreaterThanOrEqual(30);
    const of = `connection="${connectionId}",provider="fake"`;
    expect(value(`aetherstack_quota_remaining{${of},resource="core"}`)).toBe(1234);
    expect(value(`aetherstack_provider_requests_total{${of},outcome="held"}`)).toBe(1);
    for (const name of ['Ada', 'secret account', 'hidden', 'Hidden', 'acme', 'Change 1'])
      expect(text, name).not.toContain(name);
  });

  test('a real Prometheus scrapes them', { timeout: 60_000 }, async () => {
    await scrapedByPrometheus(async (ask) => {
      await vi.waitFor(async () => expect(await ask('up')).toEqual(['1']), { timeout: 20_000, interval: 100 });
      expect(await ask('aetherstack_deployments{status="building"}')).toEqual(['1']);
      expect(await ask('sum(aetherstack_quota_remaining)')).toEqual(['1234']);
    });
  });
});

type Ask = (expression: string) => Promise<string[]>;

async function scrapedByPrometheus(look: (ask: Ask) => Promise<void>): Promise<void> {
  const prometheus = await ensureTool('prometheus');
  const folder = mkdtempSync(path.join(tmpdir(), 'aetherstack-prometheus-'));
  const app = await listen();
  const port = await freePort();
  let child: ChildProcess | null = null;
  try {
    const file = path.join(folder, 'prometheus.yml');
    const target = `127.0.0.1:${(app.address() as AddressInfo).port}`;
    const job = { job_name: 'aetherstack', metrics_path: '/api/metrics', authorization: { credentials: TOKEN } };
    const configuration = {
      global: { scrape_interval: '200ms', scrape_timeout: '200ms' },
      scrape_configs: [{ ...job, static_configs: [{ targets: [target] }] }],
    };
    // JSON is YAML.
    writeFileSync(file, JSON.stringify(configuration));
    const args = [`--config.file=${file}`, `--storage.tsdb.path=${folder}/data`];
    child = spawn(prometheus, [...args, `--web.listen-address=127.0.0.1:${port}`], { stdio: 'ignore' });
    await look(async (expression) => {
      const answer = await fetch(`http://127.0.0.1:${port}/api/v1/query?query=${encodeURIComponent(expression)}`);
      const { data } = (await answer.json()) as { data: { result: { value: [number, string] }[] } };
      return data.result.map(({ value }) => value[1]);
    });
  } finally {
    const ended = child && new Promise((resolve) => child?.once('exit', resolve));
    child?.kill('SIGKILL');
    await ended;
    app.close();
    app.closeAllConnections();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function listen(): Promise<Server> {
  const server = createServer(async (request, response) => {
    const answer = await scrape(request.headers.authorization ?? null);
    response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
