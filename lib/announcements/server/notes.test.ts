import { and, eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Database } from '@/lib/db/client';
import { deploymentNotes, targets } from '@/lib/db/schema';
import { openTestDatabase, testContext } from '@/lib/db/testing/context';
import { makeConnection, makeDeployment, makeTarget } from '@/lib/db/testing/factories';
import { Secret } from '@/lib/kernel/secret';
import { HealthSettings } from '@/lib/observability/model/health-settings';
import { type MemoryWorld, memoryWorld, wire } from '@/lib/providers/conformance/harness';
import { provider as dashboards } from '@/lib/providers/grafana/adapter';
import { createGrafanaSimulator } from '@/lib/providers/grafana/simulator';
import type { AnyProvider, Credential, Simulator } from '@/lib/providers/port';
import { provider as tracker } from '@/lib/providers/sentry/adapter';
import { createSentrySimulator, READING_TOKEN } from '@/lib/providers/sentry/simulator';
import { notesDue } from '.';

let database: Database;
let world: MemoryWorld;
beforeAll(async () => {
  database = await openTestDatabase();
});
beforeEach(() => {
  world = memoryWorld();
});
afterAll(() => database.close());

const TRACKER: Credential = {
  ...{ kind: 'basic', username: 'aetherstack', tokenOrigin: null },
  password: new Secret('sandbox-errors-token'),
};

/** The real adapters over the simulated vendors, by connection. */
function context(by: Record<string, { provider: AnyProvider; credential: Credential }>) {
  const simulators: Simulator[] = [
    createSentrySimulator(world, { seed: 7, projects: ['backend'], stateOf: () => 'good' }),
    createGrafanaSimulator(world),
  ];
  return testContext(database.db, {
    openConnection: async (connectionId) => {
      const { provider, credential } = by[connectionId] ?? expect.fail(`nobody knows ${connectionId}`);
      const [host] = simulators
        .flatMap(({ hosts }) => hosts)
        .filter((each) => each.includes(provider === tracker ? 'sentry' : 'panels'));
      const origin = `https://${host}`;
      const simulator = simulators.find(({ hosts }) => hosts.includes(host ?? ''));
      const { context: made } = wire({ defaultOrigin: origin }, {
        world,
        credentials: { good: credential, refused: credential, weak: credential },
        fetch: async (input: string | URL | Request, init?: RequestInit) =>
          (await simulator?.handle(new Request(input, init))) ?? new Response(null, { status: 502 }),
        isMutation: () => false,
      } as never);
      return { provider, context: { ...made, connectionId, origin } };
    },
  });
}

async function noted(notes: (ids: { tracker: string; dashboards: string }) => HealthSettings['notes']) {
  const { db } = database;
  const [one, two] = [await makeConnection(db), await makeConnection(db)];
  const target = await makeTarget(db);
  const health = HealthSettings.parse({ notes: notes({ tracker: one.id, dashboards: two.id }) });
  await db.update(targets).set({ health }).where(eq(targets.id, target.id));
  const deployment = await makeDeployment(db, target, 'succeeded');
  const rows = () =>
    db
      .select()
      .from(deploymentNotes)
      .where(eq(deploymentNotes.deploymentId, deployment.id))
      .orderBy(deploymentNotes.connectionId);
  const row = async (connectionId: string) => (await rows()).find((each) => each.connectionId === connectionId);
  const due = (connectionId: string) =>
    db
      .update(deploymentNotes)
      .set({ nextTryAt: sql`now()` })
      .where(and(eq(deploymentNotes.deploymentId, deployment.id), eq(deploymentNotes.connectionId, connectionId)));
  return { deployment, tracker: one.id, dashboards: two.id, row, rows, due };
}

const written = (kind: string) => world.facts().filter((fact) => fact.kind === kind);

test('what went live is written down once at each place, with the commit and the marker, and never again', async () => {
  const made = await noted((ids) => [
    { connectionId: ids.tracker, scope: 'project:backend release:backend@{{sha}}' },
    { connectionId: ids.dashboards, scope: 'dashboard:backend {{environment}}' },
  ]);
  const ctx = context({
    [made.tracker]: { provider: tracker, credential: TRACKER },
    [made.dashboards]: {
      provider: dashboards,
      credential: { kind: 'token', token: new Secret('sandbox-dashboards-token') },
    },
  });
  expect(await notesDue(ctx)).toBe(2);
  expect(await notesDue(ctx)).toBe(0);
  expect((await made.rows()).map(({ state, remoteId }) => [state, remoteId])).toEqual([
    ['done', '1'],
    ['done', '1'],
  ]);
  const version = `backend@${made.deployment.sha}`;
  expect(written('sentry.deploy').map(({ data }) => [data.name, data.version])).toEqual([
    [made.deployment.id, version],
  ]);
  expect(written('grafana.annotation')[0]?.data.tags).toContain(`aetherstack:${made.deployment.id}`);
});

test('a lost answer is looked up and not written twice', async () => {
  const made = await noted((ids) => [{ connectionId: ids.tracker, scope: 'project:backend' }]);
  const ctx = context({ [made.tracker]: { provider: tracker, credential: TRACKER } });
  world.set({ acceptThen502: 1 });
  await notesDue(ctx);
  expect(await made.row(made.tracker)).toMatchObject({ state: 'open', askedAt: expect.any(Date), remoteId: null });
  world.set({ acceptThen502: 0 });
  await made.due(made.tracker);
  await notesDue(ctx);
  expect(await made.row(made.tracker)).toMatchObject({ state: 'done', remoteId: '1', sentence: null });
  expect(written('sentry.deploy')).toHaveLength(1);
});

test('a token that may not write ends it with what to do, and the deployment is as it was', async () => {
  const made = await noted((ids) => [{ connectionId: ids.tracker, scope: 'project:backend' }]);
  const credential = { ...TRACKER, password: new Secret(READING_TOKEN) } as Credential;
  const ctx = context({ [made.tracker]: { provider: tracker, credential } });
  await notesDue(ctx);
  expect(await made.row(made.tracker)).toMatchObject({
    ...{ state: 'refused', code: 'missing_permission', nextTryAt: null, askedAt: null },
    sentence: expect.stringContaining('Release: Admin'),
  });
  expect(await notesDue(ctx)).toBe(0);
});

test('a vendor that is down is asked again later, and one that asks for a pause costs no try', async () => {
  const made = await noted((ids) => [{ connectionId: ids.tracker, scope: 'project:backend' }]);
  const ctx = context({ [made.tracker]: { provider: tracker, credential: TRACKER } });
  world.set({ down: true });
  await notesDue(ctx);
  expect(await made.row(made.tracker)).toMatchObject({ state: 'open', tries: 1, nextTryAt: expect.any(Date) });
  world.set({ down: false, rateLimited: true });
  await made.due(made.tracker);
  await notesDue(ctx);
  expect(await made.row(made.tracker)).toMatchObject({ state: 'open', tries: 1, code: 'rate_limited' });
});
