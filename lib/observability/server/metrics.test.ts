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
import { inbox, quotas, requestTotals } from '@/lib/db/schema';
import { openTestDatabase, personActor, testContext } from '@/lib/db/testing/context';
import { makeComponent, makeConnection, makeDeployment, makeTarget } from '@/lib/db/testing/factories';
import { Secret } from '@/lib/kernel/secret';
import { capability, type ProviderContext } from '@/lib/providers/port';
import { providers } from '@/lib/providers/registry.generated';
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
  await db.insert(requestTotals).values({ connectionId, charged: 7, free: 3, held: 1 });
  const hook = {
    ...{ connectionId, providerId: 'fake', event: 'ping', bytes: 2, body: Buffer.from('{}') },
    ...({ state: 'received', receivedAt: new Date(Date.now() - 30_000) } as const),
  };
  await db.insert(inbox).values([
    { ...hook, id: 'hook_1', deliveryId: 'd1' },
    { ...hook, id: 'hook_2', deliveryId: 'd2', state: 'failed', tries: 3 },
  ]);
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
    expect([value('aetherstack_webhooks_waiting'), value('aetherstack_webhooks_set_aside')]).toEqual([1, 1]);
    const of = `connection="${connectionId}",provider="fake"`;
    expect(value(`aetherstack_quota_remaining{${of},resource="core"}`)).toBe(1234);
    expect(value(`aetherstack_provider_requests_total{${of},outcome="held"}`)).toBe(1);
    for (const name of ['Ada', 'secret account', 'hidden', 'Hidden', 'acme', 'Change 1'])
      expect(text, name).not.toContain(name);
  });

  test('a real Prometheus scrapes them', { timeout: 60_000 }, async () => {
    await scrapedByPrometheus(async (ask, origin) => {
      // What one scrape brought: a later one that takes too long on a busy machine ends every series, as it should.
      await vi.waitFor(async () => expect(await ask('max_over_time(up[5m])')).toEqual(['1']), {
        ...{ timeout: 20_000, interval: 100 },
      });
      expect(await ask('last_over_time(aetherstack_deployments{status="building"}[5m])')).toEqual(['1']);
      expect(await ask(QUOTA)).toEqual(['1234']);
      await readsAsTheAdapter(origin);
    });
  });
});

const QUOTA = 'sum(last_over_time(aetherstack_quota_remaining[5m]))';

type Ask = (expression: string) => Promise<string[]>;

/** The connection's own code, against the same real server: its lines, its gaps and its refusals are as we take them. */
async function readsAsTheAdapter(origin: string): Promise<void> {
  const provider = providers.prometheus ?? expect.fail('It is not in the registry.');
  const credential = { kind: 'basic', username: 'nobody', password: new Secret('-'), tokenOrigin: null } as const;
  const context: ProviderContext = { connectionId: 'con_1', origin, credential, fetch, now: Date.now };
  expect(await provider.verifyCredential(context)).toMatchObject({ ok: true, problems: [] });
  const health = capability(provider, 'health');
  // A second ahead, so that a step falls on what was scraped a moment ago.
  const to = Date.now() + 1_000;
  const ask = (expression: string) =>
    health.series(context, { expression, from: to - 600_000, to, stepMs: 1_000 }).then(({ points }) => points);
  const scraped = await ask(QUOTA);
  expect(scraped).toHaveLength(601);
  expect(scraped.at(0)?.[1], 'before it was scraped is a gap').toBeNull();
  expect(await ask('vector(0) / 0'), 'no number is a gap').toContainEqual([expect.any(Number), null]);
  expect(scraped.filter(([, value]) => value === 1234).length).toBeGreaterThan(0);
  expect((await ask('absent_of_all')).every(([, value]) => value === null)).toBe(true);
  await expect(ask('sum(rate(x[1m])')).rejects.toMatchObject({ kind: 'rejected', code: 'bad_expression' });
  await expect(ask('last_over_time(aetherstack_deployments[5m])')).rejects.toMatchObject({ code: 'several_lines' });
  expect(await health.alerts(context, '')).toEqual([]);
  const link = health.link(context, { expression: 'up', from: to - 600_000, to, stepMs: 1_000 });
  const page = await fetch(link ?? expect.fail('It has a page for each question.'));
  expect(page.status).toBe(200);
}

async function scrapedByPrometheus(look: (ask: Ask, origin: string) => Promise<void>): Promise<void> {
  const prometheus = await ensureTool('prometheus');
  const folder = mkdtempSync(path.join(tmpdir(), 'aetherstack-prometheus-'));
  const app = await listen();
  let child: ChildProcess | null = null;
  try {
    const file = path.join(folder, 'prometheus.yml');
    const target = `127.0.0.1:${(app.address() as AddressInfo).port}`;
    const job = { job_name: 'aetherstack', metrics_path: '/api/metrics', authorization: { credentials: TOKEN } };
    const configuration = {
      global: { scrape_interval: '1s', scrape_timeout: '1s' },
      scrape_configs: [{ ...job, static_configs: [{ targets: [target] }] }],
    };
    // JSON is YAML.
    writeFileSync(file, JSON.stringify(configuration));
    const args = [`--config.file=${file}`, `--storage.tsdb.path=${folder}/data`];
    // It cannot be told to choose a port itself, so somebody may take the free one first: then it ends, and another is tried.
    let origin: string | null = null;
    for (let tries = 0; origin === null && tries < 3; tries++) {
      const address = `127.0.0.1:${await freePort()}`;
      child = spawn(prometheus, [...args, `--web.listen-address=${address}`], { stdio: 'ignore' });
      origin = (await answers(child, `http://${address}/-/ready`)) ? `http://${address}` : null;
    }
    if (origin === null) return expect.fail('Prometheus never answered.');
    const server = origin;
    await look(async (expression) => {
      const answer = await fetch(`${server}/api/v1/query?query=${encodeURIComponent(expression)}`);
      const { data } = (await answer.json()) as { data: { result: { value: [number, string] }[] } };
      return data.result.map(({ value }) => value[1]);
    }, server);
  } finally {
    if (child && child.exitCode === null) {
      const ended = new Promise((resolve) => child?.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
    }
    app.close();
    app.closeAllConnections();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** False: it ended before it did. */
async function answers(child: ChildProcess, url: string): Promise<boolean> {
  return vi.waitFor(
    async () => {
      if (child.exitCode !== null) return false;
      expect((await fetch(url)).ok).toBe(true);
      return child.exitCode === null;
    },
    { timeout: 20_000, interval: 50 },
  );
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
