import { eq, sql } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Database } from '@/lib/db/client';
import { deployments, events, sightings, targets, verdicts } from '@/lib/db/schema';
import { openTestDatabase, personActor, testContext } from '@/lib/db/testing/context';
import { makeConnection, makeDeployment, makeEnvironment, makeTarget } from '@/lib/db/testing/factories';
import { readNow } from '@/lib/deployments/server';
import type { Policy } from '@/lib/gates/model/policy';
import { readOrder } from '@/lib/gates/server/order';
import { type ErrorLine, onErrorLine } from '@/lib/kernel/log';
import { Secret } from '@/lib/kernel/secret';
import { memoryWorld } from '@/lib/providers/conformance/harness';
import { provider } from '@/lib/providers/prometheus/adapter';
import { createPrometheusSimulator } from '@/lib/providers/prometheus/simulator';
import { HealthSettings } from '../model/health-settings';
import { judgeDue, readVerdict, setHealth } from '.';
import { readElseThere } from './else-there';

const MINUTE = 60_000;
let database: Database;
beforeEach(async () => {
  database = await openTestDatabase();
});
afterEach(() => database.close());

const settings = HealthSettings.parse({
  connectionId: 'con_metrics',
  queries: provider.manifest.capabilities.health.presets[0]?.queries,
  values: { job: 'api' },
});

/** The real adapter over the simulated server, where the thing is worse from `since` (epoch milliseconds) to `until`. */
function world({ since = Number.POSITIVE_INFINITY, until = Number.POSITIVE_INFINITY } = {}) {
  const memory = { ...memoryWorld(), now: Date.now };
  const stateOf = (_: string, at: number) => (at >= since && at < until ? ('bad' as const) : ('good' as const));
  const simulator = createPrometheusSimulator(memory, { seed: 7, stateOf });
  return testContext(database.db, {
    openConnection: async (connectionId) => ({
      provider,
      context: {
        ...{ connectionId, origin: 'https://metrics.aetherstack.example', now: memory.now },
        credential: { kind: 'token', token: new Secret('sandbox-metrics-token') },
        fetch: (input, init) => simulator.handle(new Request(input, init)),
      },
    }),
  });
}

async function place(isProduction = false) {
  const environment = await makeEnvironment(database.db, { isProduction });
  const target = await makeTarget(database.db, { environment });
  await database.db.update(targets).set({ health: settings }).where(eq(targets.id, target.id));
  const live = async (minutesAgo: number, sha?: string) => {
    const at = new Date(Date.now() - minutesAgo * MINUTE);
    const over = { providerDoneAt: at, finishedAt: at, ...(sha ? { sha } : {}) };
    return { ...(await makeDeployment(database.db, target, 'succeeded', over)), at: at.getTime() };
  };
  return { target, live };
}

test('a commit that was found worse and is deployed once more is not healthy, and opens no gate', async () => {
  const { target, live } = await place();
  const bad = await live(70);
  const ctx = world({ since: bad.at });
  await judgeDue(ctx);
  const again = await live(31, bad.sha);
  await judgeDue(ctx);
  const { verdict, closed, why } = await readVerdict(ctx, { deploymentId: again.id });
  expect([verdict, closed]).toEqual(['inconclusive', true]);
  expect(why).toMatch(
    /^Error rate: 4\.\d+ % before, 4\.\d+ % since: not worse by the rule, but it was 0\.\d+ % before #\d+, which was found worse\./,
  );
  const policy = { afterEnvironmentId: target.environmentId } as Policy;
  const order = await readOrder(database.db, policy, { componentId: target.componentId, sha: bad.sha ?? '' });
  expect(order?.proof?.health).toMatchObject({ number: bad.number, verdict: 'worse' });
});

test('once it is as before that, it is healthy again; measured otherwise by now, nothing is handed on', async () => {
  const one = await place();
  const bad = await one.live(100);
  const ctx = world({ since: bad.at, until: bad.at + 69 * MINUTE });
  await judgeDue(ctx);
  const mended = await one.live(31);
  await judgeDue(ctx);
  expect(await readVerdict(ctx, { deploymentId: mended.id })).toMatchObject({ verdict: 'healthy', closed: true });

  const two = await place();
  const other = world({ since: (await two.live(70)).at });
  await judgeDue(other);
  await database.db
    .update(targets)
    .set({ health: { ...settings, values: { job: 'new' } } })
    .where(eq(targets.id, two.target.id));
  const { id } = await two.live(31);
  await judgeDue(other);
  expect(await readVerdict(other, { deploymentId: id })).toMatchObject({ verdict: 'healthy' });
});

test('what was live all night is judged in the morning, when it was heard of', async () => {
  const { live } = await place();
  const { id } = await live(9 * 60);
  await judgeDue(world());
  expect(await database.db.$count(verdicts)).toBe(0);
  await database.db.update(deployments).set({ finishedAt: sql`now()` }).where(eq(deployments.id, id));
  await judgeDue(world());
  expect(await readVerdict(world(), { deploymentId: id })).toMatchObject({ verdict: 'healthy', closed: true });
});

test('what somebody else put there during the window is not what is called healthy', async () => {
  const { target, live } = await place();
  const { id } = await live(31);
  const drift = sql`now() - interval '29 minutes'`;
  await database.db.insert(sightings).values({ targetId: target.id, driftSince: drift, lookedAt: sql`now()` });
  const ctx = world();
  await judgeDue(ctx);
  const view = await readVerdict(ctx, { deploymentId: id });
  expect(view).toMatchObject({ verdict: 'inconclusive', closed: true });
  expect(view.why).toContain('something else was seen live there after 2 minutes');
});

test('the one before it, seen between the provider’s “done” and the success, is not something else', async () => {
  const { target, live } = await place();
  const { id } = await live(31);
  const at = (minutesAgo: number) => new Date(Date.now() - minutesAgo * MINUTE);
  await database.db
    .update(deployments)
    .set({ finishedAt: at(29) })
    .where(eq(deployments.id, id));
  await database.db.insert(sightings).values({ targetId: target.id, sha: '9'.repeat(40), lookedAt: at(30) });
  await judgeDue(world());
  expect(await readVerdict(world(), { deploymentId: id })).toMatchObject({ verdict: 'healthy', closed: true });
});

test('drift that was seen before it went live is not what was found after it', async () => {
  const { target } = await place();
  const at = (minutesAgo: number) => new Date(Date.now() - minutesAgo * MINUTE);
  const seen = { sha: '9'.repeat(40), driftSince: at(60), lookedAt: at(32) };
  await database.db.insert(sightings).values({ targetId: target.id, ...seen });
  const asked = { targetId: target.id, sha: '1'.repeat(40), finishedAt: at(31) };
  expect(await readElseThere(database.db, asked)).toBeNull();
  await database.db.update(sightings).set({ lookedAt: at(30) });
  expect(await readElseThere(database.db, asked), 'and seen once more').toEqual({ since: seen.driftSince.getTime() });
});

test.each([
  [45, 8, 'worse', false],
  [45, 31, 'worse', true],
] as const)(
  'a slow roll-out (done %i minutes ago, seen live %i) is judged from when it was seen live',
  async (done, seen, verdict, closed) => {
    const { target } = await place();
    const at = (minutesAgo: number) => new Date(Date.now() - minutesAgo * MINUTE);
    const evidence = { sentence: 'It answered.', probe: { url: 'https://api.example.com/version' } };
    const over = { providerDoneAt: at(done), finishedAt: at(seen), evidence };
    const { id } = await makeDeployment(database.db, target, 'succeeded', over);
    const ctx = world({ since: at(seen).getTime() });
    await judgeDue(ctx);
    const view = await readVerdict(ctx, { deploymentId: id });
    expect(view).toMatchObject({ verdict, closed, liveAt: over.finishedAt.toISOString() });
    expect(view.why).toMatch(/^Error rate: 0\.\d+ % before, [34](?:\.\d+)? % since\./);
    expect(view.report?.before.to, 'what lies between is in neither window').toBe(over.providerDoneAt.getTime());
  },
);

test('a window that leaves no room for an outage of the new version alone is refused', async () => {
  const { target } = await place();
  const { id: connectionId } = await makeConnection(database.db, { providerId: 'prometheus' });
  const ctx = { ...world(), actor: personActor([{ role: 'admin', environmentPattern: '*' }]) };
  const set = (windowMinutes: number) => {
    const health = { ...settings, connectionId, rules: { ...settings.rules, windowMinutes } };
    return setHealth(ctx, { targetId: target.id, version: 1, health });
  };
  await expect(set(11)).rejects.toMatchObject({
    code: 'window_too_short',
    fields: { 'health.rules.windowMinutes': expect.stringContaining('at least 12 minutes') },
  });
  expect(await set(12)).toMatchObject({ targetId: target.id });
});

test('a window of before that rule keeps nobody from changing what has nothing to do with it', async () => {
  const { target } = await place();
  const { id: connectionId } = await makeConnection(database.db, { providerId: 'prometheus' });
  const ctx = { ...world(), actor: personActor([{ role: 'admin', environmentPattern: '*' }]) };
  const before = { ...settings, connectionId, rules: { ...settings.rules, windowMinutes: 11 } };
  await database.db.update(targets).set({ health: before }).where(eq(targets.id, target.id));
  const set = (version: number, over: Partial<HealthSettings>) =>
    setHealth(ctx, { targetId: target.id, version, health: { ...before, ...over } });
  const rules = { ...before.rules, errorPoints: 2 };
  expect(await set(1, { rules })).toMatchObject({ targetId: target.id });
  for (const over of [
    { rules: { ...before.rules, windowMinutes: 10 } },
    { values: { job: 'another' } },
    { queries: { ...before.queries, errors: undefined, latency: undefined } },
  ])
    await expect(set(2, over)).rejects.toMatchObject({ code: 'window_too_short' });
});

test('that it is worse is news once, not with each look and not at the end', async () => {
  const { live } = await place();
  const bad = await live(10);
  const ctx = world({ since: bad.at });
  await judgeDue(ctx);
  const past = new Date(Date.now() - 31 * MINUTE);
  await database.db
    .update(verdicts)
    .set({ liveAt: past, untilAt: past, nextLookAt: sql`now()` })
    .where(eq(verdicts.deploymentId, bad.id));
  await judgeDue(ctx);
  const told = await database.db.select().from(events).where(eq(events.deploymentId, bad.id));
  expect(told.map(({ kind, data }) => [kind, data.outcome])).toEqual([
    ['verdict', 'worse'],
    ['verdict', undefined],
  ]);
});

test('a day after its window it is no longer what is said first, and nothing is suggested any more', async () => {
  const { target, live } = await place(true);
  const bad = await live(5);
  await database.db.update(targets).set({ currentDeploymentId: bad.id }).where(eq(targets.id, target.id));
  const ctx = world();
  const closedAt = async (hoursAgo: number) => {
    const at = new Date(Date.now() - hoursAgo * 60 * MINUTE);
    const row = { liveAt: at, untilAt: at, judgedAt: at, worseSince: at, closed: true, verdict: 'worse' as const };
    const more = { deploymentId: bad.id, targetId: target.id, settings, why: 'Latency.', nextLookAt: null };
    await database.db
      .insert(verdicts)
      .values({ ...row, ...more })
      .onConflictDoUpdate({ target: verdicts.deploymentId, set: row });
    const { rollBack } = await readVerdict(ctx, { deploymentId: bad.id });
    return [(await readNow(ctx)).headline.href, rollBack];
  };
  expect(await closedAt(23)).toEqual([`/deployments/${bad.id}`, `/targets/${target.id}/roll-back`]);
  const [href, rollBack] = await closedAt(25);
  expect([href, rollBack]).toEqual([expect.stringMatching(/^\/deployments\//), null]);
  expect((await readNow(ctx)).headline.sentence).toContain('All quiet');
});

test('of a roll-back that is worse nothing is suggested, first of all not to go back', async () => {
  const { target, live } = await place(true);
  const back = await live(5);
  await database.db.update(deployments).set({ kind: 'rollback' }).where(eq(deployments.id, back.id));
  await database.db.update(targets).set({ currentDeploymentId: back.id }).where(eq(targets.id, target.id));
  const ctx = world({ since: back.at });
  await judgeDue(ctx);
  const { sentence } = (await readNow(ctx)).headline;
  expect(sentence).toContain(`is worse since deployment #${back.number}`);
  expect(sentence).not.toContain('Rolling back');
});

test('a fault of the engine is an error of the log, so that it is reported', async () => {
  const { live } = await place();
  const { id } = await live(5);
  const heard: ErrorLine[] = [];
  onErrorLine((line) => heard.push(line));
  await judgeDue({ ...world(), openConnection: () => Promise.reject(new TypeError('A bug.')) });
  onErrorLine(() => undefined);
  expect(heard).toContainEqual(expect.objectContaining({ deploymentId: id, error: 'TypeError' }));
});
