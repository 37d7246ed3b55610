import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '@/lib/db/client';
import { audit, deployments, healthSamples, sightings, targets, verdicts } from '@/lib/db/schema';
import { openTestDatabase, personActor, testContext } from '@/lib/db/testing/context';
import { makeConnection, makeDeployment, makeEnvironment, makeTarget } from '@/lib/db/testing/factories';
import { Secret } from '@/lib/kernel/secret';
import { memoryWorld } from '@/lib/providers/conformance/harness';
import { provider } from '@/lib/providers/prometheus/adapter';
import { createPrometheusSimulator } from '@/lib/providers/prometheus/simulator';
import { HealthSettings } from '../model/health-settings';
import { judgeDue, probeDue, pruneSamples, readHealth, readVerdict, setHealth } from '.';
import { readSamples } from './samples';

const MINUTE = 60_000;
const NEVER = Number.POSITIVE_INFINITY;
let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const settings = (over: object = {}) =>
  HealthSettings.parse({
    connectionId: 'con_metrics',
    queries: provider.manifest.capabilities.health.presets[0]?.queries,
    values: { job: 'api' },
    ...over,
  });

/** The real adapter over the simulated server, by one clock; `since`: from when on the thing is worse, epoch milliseconds. */
function world({ since = NEVER, down = false, answers = 200, alerting = false, now = Date.now } = {}) {
  // A server whose clock stood still would lack the point of a second that has begun since.
  const memory = { ...memoryWorld(), now };
  memory.set({ down });
  const simulator = createPrometheusSimulator(memory, {
    seed: 7,
    stateOf: (job, at) => (job === 'api' ? (at >= since ? 'bad' : 'good') : alerting ? 'bad' : null),
  });
  const asked: string[] = [];
  const ctx = testContext(database.db, {
    now,
    openConnection: async (connectionId) => ({
      provider,
      context: {
        ...{ connectionId, origin: 'https://metrics.aetherstack.example', now },
        credential: { kind: 'token', token: new Secret('sandbox-metrics-token') },
        fetch: (input, init) => simulator.handle(new Request(input, init)),
      },
    }),
  });
  const fetchOutside = async (url: string) => {
    asked.push(url);
    return new Response('', { status: answers });
  };
  return { ctx: { ...ctx, fetchOutside }, asked };
}

async function measured(ageMs: number, health: HealthSettings | null = settings()) {
  const { db } = database;
  const environment = await makeEnvironment(db, { isProduction: true });
  const target = await makeTarget(db, { environment });
  await db.update(targets).set({ health }).where(eq(targets.id, target.id));
  const doneAt = new Date(Date.now() - ageMs);
  const deployment = await makeDeployment(db, target, 'succeeded', { providerDoneAt: doneAt, finishedAt: doneAt });
  return { target, environment, deployment, doneAt: doneAt.getTime(), deploymentId: deployment.id };
}

const due = (deploymentId: string) =>
  database.db.update(verdicts).set({ nextLookAt: sql`now()` }).where(eq(verdicts.deploymentId, deploymentId));

test.each([0, 1, 999])(
  '%i ms into a second all is drawn over the axis; who is away takes nothing from others',
  async (ms) => {
    const { environment, doneAt } = await measured(10 * 86_400_000);
    const at = Math.floor(Date.now() / 1_000) * 1_000 + ms;
    const draw = (over: Parameters<typeof world>[0], days: 7 | 30 = 7) =>
      readHealth(world({ ...over, now: () => at }).ctx, { days, environment: environment.slug });
    const { charts, sources } = await draw({ since: doneAt + 6 * 86_400_000 });
    expect(sources.map(({ problem }) => problem)).toEqual([null, null]);
    const errors = charts.find(({ title }) => title.startsWith('Error rate of')) ?? expect.fail('nobody drew it');
    const [now, before] = [errors.series, errors.before].map(([line]) => line?.points.map(([, value]) => value) ?? []);
    const levels = [0.2, 0.2, 4.1].map((level) => expect.closeTo(level, 0));
    expect([now?.[0], before?.[0], now?.at(-1)]).toEqual(levels);
    const away = await draw({ down: true }, 30);
    expect(away.charts.find(({ key }) => key === 'success')).toBeDefined();
    expect(away.charts.find(({ title }) => title.startsWith('Error rate of'))?.says).toMatch(/^It could not be read: /);
  },
);

describe('a verdict', () => {
  test('a planted regression is worse within two minutes, with numbers, and going back is suggested', async () => {
    const { deployment, deploymentId, doneAt, target } = await measured(110_000);
    const { ctx } = world({ since: doneAt });
    await judgeDue(ctx);
    const view = await readVerdict(ctx, { deploymentId });
    expect(view).toMatchObject({ verdict: 'worse', closed: false, rollBack: `/targets/${target.id}/roll-back` });
    expect(view.why).toMatch(/^Error rate: 0\.2 % before, [34](?:\.\d+)? % since\. Latency: 1[12]\d/);
    expect(view.report?.signals[0]).toMatchObject({
      signal: 'errors',
      url: expect.stringContaining('/graph?g0.expr='),
    });
    const [line] = await database.db.select().from(audit).where(eq(audit.resourceId, deployment.id));
    expect(line?.sentence).toContain(`#${deployment.number}: Worse than before so far. Error rate`);
  });

  test('what was found while something else was seen there counts from now on', async () => {
    const { deploymentId, target } = await measured(110_000);
    const rows = () => database.db.select().from(verdicts).where(eq(verdicts.deploymentId, deploymentId));
    const judged = () => judgeDue(world().ctx).then(rows);
    const look = () => due(deploymentId).then(judged);
    const [[first], [second]] = [await judged(), await look()];
    expect(second?.foundSince).toEqual(first?.foundSince);
    await database.db.insert(sightings).values({ targetId: target.id, driftSince: sql`now()` });
    expect(Number((await look())[0]?.foundSince)).toBeGreaterThan(Number(first?.foundSince));
  });

  test('an alert of the target that fires since it went live is a reason, and those of others are not', async () => {
    const scope = (job: string) => ({ alerts: [{ connectionId: 'con_metrics', scope: `job="${job}"`, judged: true }] });
    const ours = await measured(110_000, settings(scope('backend-production')));
    const { ctx } = world({ alerting: true });
    await judgeDue(ctx);
    const view = await readVerdict(ctx, { deploymentId: ours.deploymentId });
    expect(view).toMatchObject({ verdict: 'worse', why: expect.stringContaining('“HighErrorRate” has been firing') });
    expect(view.report?.beside?.[0]).toMatchObject({ problem: null, alerts: [{ severity: 'page' }] });
    const others = await measured(110_000, settings(scope('another')));
    await judgeDue(ctx);
    expect(await readVerdict(ctx, { deploymentId: others.deploymentId })).toMatchObject({ verdict: 'inconclusive' });
  });

  test('a sound deployment is inconclusive until its window is over, then healthy, once and for all', async () => {
    const { deploymentId } = await measured(29 * MINUTE);
    const { ctx } = world();
    await judgeDue(ctx);
    expect(await readVerdict(ctx, { deploymentId })).toMatchObject({ verdict: 'inconclusive', closed: false });
    const earlier = new Date(Date.now() - 31 * MINUTE);
    await database.db
      .update(verdicts)
      .set({ liveAt: earlier, untilAt: earlier })
      .where(eq(verdicts.deploymentId, deploymentId));
    await due(deploymentId);
    await judgeDue(ctx);
    expect(await readVerdict(ctx, { deploymentId })).toMatchObject({
      verdict: 'healthy',
      closed: true,
      rollBack: null,
    });
    await judgeDue(world({ since: 0 }).ctx);
    expect((await readVerdict(ctx, { deploymentId })).verdict).toBe('healthy');
  });

  test('while nobody answers it is inconclusive, says who, and is asked again after the window', async () => {
    const { deploymentId } = await measured(29 * MINUTE);
    const { ctx } = world({ down: true });
    await judgeDue(ctx);
    const past = new Date(Date.now() - 31 * MINUTE);
    await database.db.update(verdicts).set({ liveAt: past }).where(eq(verdicts.deploymentId, deploymentId));
    await due(deploymentId);
    await judgeDue(ctx);
    const view = await readVerdict(ctx, { deploymentId });
    expect(view).toMatchObject({ verdict: 'inconclusive', closed: false });
    expect(view.why).toContain('metrics.aetherstack.example has trouble');
  });

  test('the next deployment ends the window of the one before, and gets a verdict of its own', async () => {
    const { deploymentId, target } = await measured(10 * MINUTE);
    const { ctx } = world();
    await judgeDue(ctx);
    const at = new Date(Date.now() - 2 * MINUTE);
    const next = await makeDeployment(database.db, target, 'succeeded', { providerDoneAt: at, finishedAt: at });
    await due(deploymentId);
    await judgeDue(ctx);
    const view = await readVerdict(ctx, { deploymentId });
    expect(view).toMatchObject({ verdict: 'inconclusive', closed: true });
    expect(view.why).toContain('the next deployment came after 8 minutes');
    expect((await readVerdict(ctx, { deploymentId: next.id })).why).toContain('Nothing is worse so far');
  });

  test('what reached users and failed our check after that is not blamed on the one before it', async () => {
    const { deploymentId, target } = await measured(20 * MINUTE);
    const bad = Date.now() - 10 * MINUTE;
    await makeDeployment(database.db, target, 'failed', { providerDoneAt: new Date(bad), finishedAt: new Date() });
    await database.db.update(targets).set({ currentDeploymentId: deploymentId }).where(eq(targets.id, target.id));
    const { ctx } = world({ since: bad });
    await judgeDue(ctx);
    expect(await readVerdict(ctx, { deploymentId })).toMatchObject({ verdict: 'inconclusive', rollBack: null });
  });

  test('one that was live while no worker was awake, and one overtaken before the first look, are judged', async () => {
    const late = await measured(90 * MINUTE);
    const overtaken = await measured(3 * MINUTE);
    const at = new Date();
    await makeDeployment(database.db, overtaken.target, 'succeeded', { providerDoneAt: at, finishedAt: at });
    const { ctx } = world();
    await judgeDue(ctx, 50);
    expect((await readVerdict(ctx, late)).verdict).toBe('healthy');
    expect((await readVerdict(ctx, overtaken)).why).toContain('before the window was over');
  });

  test('of a roll-back that is worse nobody suggests to go back to what was rolled back', async () => {
    const { deploymentId, doneAt } = await measured(5 * MINUTE);
    await database.db.update(deployments).set({ kind: 'rollback' }).where(eq(deployments.id, deploymentId));
    const { ctx } = world({ since: doneAt });
    await judgeDue(ctx, 50);
    expect(await readVerdict(ctx, { deploymentId })).toMatchObject({ verdict: 'worse', rollBack: null });
  });

  test('a target that nobody measures has none, and the page says what to do', async () => {
    const { deploymentId } = await measured(MINUTE, null);
    const { ctx } = world();
    await judgeDue(ctx);
    expect(await readVerdict(ctx, { deploymentId })).toMatchObject({
      verdict: null,
      why: expect.stringContaining('on the target’s page'),
    });
    const stranger = { ...ctx, actor: personActor([{ role: 'viewer', environmentPattern: 'other' }]) };
    await expect(readVerdict(stranger, { deploymentId })).rejects.toMatchObject({ kind: 'notFound' });
  });
});

describe('which numbers belong to a target', () => {
  const admin = personActor([{ role: 'admin', environmentPattern: '*' }]);
  const prepare = async () => {
    const { target } = await measured(MINUTE, null);
    const connection = await makeConnection(database.db, { providerId: 'prometheus' });
    return { targetId: target.id, connectionId: connection.id, ctx: { ...world().ctx, actor: admin } };
  };

  test('every question is asked once before it is kept', async () => {
    const { ctx, targetId, connectionId } = await prepare();
    const set = await setHealth(ctx, { targetId, version: 1, health: settings({ connectionId }) });
    expect(set.checks.map(({ signal, usable }) => [signal, usable])).toEqual([
      ['throughput', true],
      ['errors', true],
      ['latency', true],
      ['uptime', true],
    ]);
    await expect(setHealth(ctx, { targetId, version: 1, health: null })).rejects.toMatchObject({
      code: 'changed_since',
    });
  });

  test('an expression that cannot be worked out is refused at its field; what has no data yet is kept and said', async () => {
    const { ctx, targetId, connectionId } = await prepare();
    const { throughput } = settings().queries;
    const broken = { throughput, errors: { expression: 'sum(rate(x[1m])', unit: 'ratio' } };
    const refused = setHealth(ctx, { targetId, version: 1, health: settings({ connectionId, queries: broken }) });
    await expect(refused).rejects.toMatchObject({
      code: 'bad_expression',
      fields: { 'health.queries.errors.expression': expect.any(String) },
    });
    const empty = await setHealth(ctx, {
      targetId,
      version: 1,
      health: settings({ connectionId, values: { job: 'none' } }),
    });
    expect(empty.checks.every(({ usable }) => !usable)).toBe(true);
  });

  test('only what measures may be asked, and only by who manages the target', async () => {
    const { ctx, targetId } = await prepare();
    const { id } = await makeConnection(database.db, { providerId: 'github' });
    await expect(
      setHealth(ctx, { targetId, version: 1, health: settings({ connectionId: id }) }),
    ).rejects.toMatchObject({ code: 'not_a_measurer' });
    const viewer = { ...ctx, actor: personActor([{ role: 'operator', environmentPattern: '*' }]) };
    await expect(setHealth(viewer, { targetId, version: 1, health: null })).rejects.toMatchObject({
      kind: 'forbidden',
    });
  });
});

describe('our own probes', () => {
  const watchUrl = 'https://api.example.com/health';
  const watched = () => measured(MINUTE, HealthSettings.parse({ watchUrl }));

  test('one sample in a slot, however many instances look; what does not answer well is down', async () => {
    const { target } = await watched();
    const { ctx, asked } = world({ answers: 503 });
    await Promise.all([probeDue(ctx), probeDue(ctx)]);
    const samples = await readSamples(database.db, target.id, { from: Date.now() - MINUTE, to: Date.now() });
    expect(asked).toEqual(samples.map(() => watchUrl));
    expect(new Set(samples.map(({ ok, failed }) => `${ok} ${failed}`))).toEqual(new Set(['0 1']));
    await database.db.delete(healthSamples);
    await database.db.update(targets).set({ health: null }).where(eq(targets.id, target.id));
  });

  test('single samples of two days ago become sums of their hour, and nothing is counted twice', async () => {
    const { target } = await watched();
    const hour = Math.floor((Date.now() - 50 * 60 * MINUTE) / (60 * MINUTE)) * 60 * MINUTE;
    const rows = [0, 1, 2].map((index) => ({
      ...{ targetId: target.id, width: 30, at: new Date(hour + index * 30_000) },
      ...{ ok: index === 1 ? 0 : 1, failed: index === 1 ? 1 : 0, ms: index === 1 ? 0 : 100 },
    }));
    await database.db.insert(healthSamples).values(rows);
    expect([await pruneSamples(database.db), await pruneSamples(database.db)]).toEqual([3, 0]);
    const span = { from: hour - 1, to: hour + 60 * MINUTE };
    expect(await readSamples(database.db, target.id, span)).toMatchObject([{ at: hour, ok: 2, failed: 1, ms: 200 }]);
  });
});
