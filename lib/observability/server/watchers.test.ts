import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '@/lib/db/client';
import { targets } from '@/lib/db/schema';
import { openTestDatabase, personActor, testContext } from '@/lib/db/testing/context';
import { makeConnection, makeDeployment, makeEnvironment, makeTarget } from '@/lib/db/testing/factories';
import { Secret } from '@/lib/kernel/secret';
import { memoryWorld } from '@/lib/providers/conformance/harness';
import { provider as datadog } from '@/lib/providers/datadog/adapter';
import { createDatadogSimulator } from '@/lib/providers/datadog/simulator';
import type { AnyProvider, Credential, Simulator } from '@/lib/providers/port';
import { provider as sentry } from '@/lib/providers/sentry/adapter';
import { createSentrySimulator } from '@/lib/providers/sentry/simulator';
import { HealthSettings } from '../model/health-settings';
import { judgeDue, readHealth, readTargetHealth, readVerdict, setHealth } from '.';

const MINUTE = 60_000;
let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const basic = (username: string, password: string): Credential => ({
  ...{ kind: 'basic', username, tokenOrigin: null },
  password: new Secret(password),
});

/** Real adapters over simulated vendors; what they watch is worse from `since` on. */
function vendors(since: number) {
  const world = { ...memoryWorld(), now: Date.now };
  const stateOf = (_: string, environment: string, at: number) =>
    environment === 'production' ? (at >= since ? ('bad' as const) : ('good' as const)) : null;
  const tracker = createSentrySimulator(world, { seed: 7, projects: ['backend'], stateOf });
  const monitoring = createDatadogSimulator(world, { seed: 7, stateOf });
  return {
    world,
    sentry: { provider: sentry, simulator: tracker, credential: basic('aetherstack', 'sandbox-errors-token') },
    datadog: {
      ...{ provider: datadog, simulator: monitoring },
      credential: basic('keys', 'sandbox-monitors-api:sandbox-monitors-application'),
    },
  };
}

type Vendor = { provider: AnyProvider; simulator: Simulator; credential: Credential };

const asking = (of: Record<string, Vendor>) =>
  testContext(database.db, {
    openConnection: async (connectionId) => {
      const { provider, simulator, credential } = of[connectionId] ?? expect.fail(`nobody knows ${connectionId}`);
      const { defaultOrigin: origin } = provider.manifest;
      const fetch: typeof globalThis.fetch = (input, init) => simulator.handle(new Request(input, init));
      return { provider, context: { connectionId, origin, credential, fetch, now: Date.now } };
    },
  });

async function place(health: (ids: { sentry: string; datadog: string }) => object, ageMs: number) {
  const { db } = database;
  const environment = await makeEnvironment(db, { isProduction: true });
  const target = await makeTarget(db, { environment });
  const ids = {
    sentry: (await makeConnection(db, { providerId: 'sentry' })).id,
    datadog: (await makeConnection(db, { providerId: 'datadog' })).id,
  };
  const settings = HealthSettings.parse({ values: { where: 'production' }, ...health(ids) });
  const doneAt = new Date(Date.now() - ageMs);
  const live = () => makeDeployment(db, target, 'succeeded', { providerDoneAt: doneAt, finishedAt: doneAt });
  return { target, environment, settings, ids, doneAt: doneAt.getTime(), live };
}

function questions(provider: AnyProvider) {
  const preset = provider.manifest.capabilities.health?.presets[0];
  return Object.fromEntries(
    Object.entries(preset?.queries ?? {}).map(([signal, { expression, unit }]) => [
      signal,
      {
        unit,
        expression: expression.replaceAll('{{component}}', 'backend').replaceAll('{{environment}}', '{{where}}'),
      },
    ]),
  );
}

test.each(['sentry', 'datadog'] as const)(
  'a regression that %s sees is worse, with its numbers and what stands beside',
  async (who) => {
    const scope = who === 'sentry' ? 'project:backend environment:{{where}}' : 'service:backend env:{{where}}';
    const at = await place(
      (ids) => ({
        ...{ connectionId: ids[who], queries: questions(who === 'sentry' ? sentry : datadog) },
        alerts: [{ connectionId: ids[who], scope }],
      }),
      12 * MINUTE,
    );
    const by = vendors(at.doneAt);
    const ctx = asking({ [at.ids[who]]: by[who] });
    await database.db.update(targets).set({ health: at.settings }).where(eq(targets.id, at.target.id));
    const { id: deploymentId } = await at.live();
    await judgeDue(ctx);
    const view = await readVerdict(ctx, { deploymentId });
    expect(view.verdict).toBe('worse');
    expect(view.why).toMatch(/Error rate: 0\.2\d* % before, [34](?:\.\d+)? % since\. Latency: 1[12]\d/);
    const [beside] = view.report?.beside ?? [];
    if (who === 'sentry') expect(beside?.issues).toMatchObject([{ id: 'BACKEND-2' }]);
    else expect(view.why).toContain('“Errors of the backend in production” has been firing since');
    const { charts } = await readHealth(ctx, { days: 7, environment: at.environment.slug });
    expect(charts.find(({ title }) => title.startsWith('Error rate of'))?.series[0]?.of).toBeGreaterThan(0);
  },
);

test('a password in what an exception says is not kept with the verdict', async () => {
  const scope = 'project:backend environment:{{where}}';
  const at = await place((ids) => ({ alerts: [{ connectionId: ids.sentry, scope }] }), 12 * MINUTE);
  const { sentry: vendor } = vendors(at.doneAt);
  const handle = async (request: Request) => {
    const answer = await vendor.simulator.handle(request);
    const text = (await answer.text()).replace(
      /"title":"[^"]*"/g,
      '"title":"refused: postgres://app:hunter2secret@db/prod"',
    );
    return new Response(text, answer);
  };
  const ctx = asking({ [at.ids.sentry]: { ...vendor, simulator: { ...vendor.simulator, handle } } });
  await database.db.update(targets).set({ health: at.settings }).where(eq(targets.id, at.target.id));
  const { id: deploymentId } = await at.live();
  await judgeDue(ctx);
  const { report } = await readVerdict(ctx, { deploymentId });
  expect(report?.beside?.[0]?.issues).toMatchObject([{ title: 'refused: postgres://[redacted]@db/prod' }]);
});

test('who watches is asked once before it is kept: what is understood is said, a bad line is refused at its field', async () => {
  expect(HealthSettings.safeParse({ alerts: [], notes: [] }).success, 'settings without anything are none').toBe(false);
  const made = await place((ids) => ({ alerts: [{ connectionId: ids.datadog, scope: 'service:backend' }] }), MINUTE);
  const by = vendors(0);
  const admin = {
    ...asking({ [made.ids.sentry]: by.sentry, [made.ids.datadog]: by.datadog }),
    actor: personActor([{ role: 'admin', environmentPattern: '*' }]),
  };
  const set = (health: object) =>
    setHealth(admin, { targetId: made.target.id, version: 1, health: HealthSettings.parse(health) });
  const words = [{ connectionId: made.ids.sentry, scope: 'dashboard:backend' }];
  await expect(set({ notes: words })).rejects.toMatchObject({
    code: 'bad_scope',
    fields: { 'health.notes.0.scope': expect.stringContaining('Name a project') },
  });
  const { checks } = await set({
    alerts: [{ connectionId: made.ids.datadog, scope: 'service:backend env:production' }],
    notes: [{ connectionId: made.ids.sentry, scope: 'project:backend' }],
  });
  expect(checks.map(({ signal, usable }) => [signal, usable])).toEqual([
    ['alerts', true],
    ['notes', true],
  ]);
  expect(checks[0]?.sentence).toContain('Alerts that fire now: 1;');
  const view = await readTargetHealth(admin, { targetId: made.target.id });
  expect(view.health?.notes).toHaveLength(1);
  expect(view.writers.map(({ id }) => id)).toEqual(expect.arrayContaining([made.ids.sentry, made.ids.datadog]));
});
