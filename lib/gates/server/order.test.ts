import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '@/lib/db/client';
import { targets, verdicts } from '@/lib/db/schema';
import { openTestDatabase } from '@/lib/db/testing/context';
import { makeComponent, makeDeployment, makeEnvironment, makeTarget } from '@/lib/db/testing/factories';
import { HealthSettings } from '@/lib/observability/model/health-settings';
import type { Policy } from '../model/policy';
import { readOrder } from './order';

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

test('of a commit that was deployed there several times the first says since when, the newest judged how it is', async () => {
  const { db } = database;
  const target = await makeTarget(db);
  const settings = HealthSettings.parse({ watchUrl: 'https://api.example.com/health' });
  const live = async (minutesAgo: number, sha?: string) => {
    const at = new Date(Date.now() - minutesAgo * 60_000);
    return makeDeployment(db, target, 'succeeded', { providerDoneAt: at, finishedAt: at, ...(sha ? { sha } : {}) });
  };
  const judge = (deploymentId: string, verdict: 'healthy' | 'worse' | 'inconclusive') => {
    const base = { deploymentId, targetId: target.id, settings, liveAt: new Date(), untilAt: new Date() };
    return db.insert(verdicts).values({ ...base, verdict, closed: true, nextLookAt: null });
  };
  const first = await live(90);
  const sha = first.sha ?? '';
  const policy = { afterEnvironmentId: target.environmentId } as Policy;
  const read = async () => (await readOrder(db, policy, { componentId: target.componentId, sha }))?.proof;
  expect(await readOrder(db, policy, { componentId: target.componentId, sha })).toMatchObject({ isMeasured: false });
  await judge(first.id, 'inconclusive');
  expect((await read())?.health, 'only alerts are watched').toBeNull();
  await db.update(targets).set({ health: settings }).where(eq(targets.id, target.id));
  const second = await live(40, sha);
  expect((await read())?.health).toMatchObject({ number: first.number, verdict: 'inconclusive' });
  await judge(second.id, 'healthy');
  expect(await read()).toMatchObject({ number: first.number, health: { number: second.number, verdict: 'healthy' } });
  await judge((await live(5, sha)).id, 'worse');
  expect((await read())?.health?.verdict).toBe('worse');
  await judge((await live(4, sha)).id, 'inconclusive');
  expect((await read())?.health?.verdict, 'silence does not take it back').toBe('worse');
  await judge((await live(3, sha)).id, 'healthy');
  expect((await read())?.health?.verdict).toBe('healthy');
});

describe('of several targets of a component there', () => {
  const settings = HealthSettings.parse({ watchUrl: 'https://api.example.com/health' });
  const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);

  /** One commit at two targets. */
  async function twoTargets({ measured = [true, true], age = 60 } = {}) {
    const { db } = database;
    const [component, environment] = [await makeComponent(db), await makeEnvironment(db)];
    const [eu, us] = [
      await makeTarget(db, { component, environment, label: 'eu' }),
      await makeTarget(db, { component, environment, label: 'us' }),
    ];
    const at = minutesAgo(age);
    const source = await makeDeployment(db, eu, 'succeeded', { finishedAt: minutesAgo(age + 10) });
    const first = await makeDeployment(db, eu, 'succeeded', { providerDoneAt: at, finishedAt: at });
    const sha = first.sha ?? '';
    const second = await makeDeployment(db, us, 'succeeded', { providerDoneAt: at, finishedAt: at, sha });
    for (const [index, target] of [eu, us].entries())
      if (measured[index]) await db.update(targets).set({ health: settings }).where(eq(targets.id, target.id));
    const judge = (deploymentId: string, verdict: 'healthy' | 'worse' | 'inconclusive', closed = true) => {
      const targetId = deploymentId === first.id ? eu.id : us.id;
      const row = { deploymentId, targetId, settings, liveAt: at, untilAt: at, verdict, closed, nextLookAt: null };
      return db.insert(verdicts).values(row).onConflictDoUpdate({ target: verdicts.deploymentId, set: row });
    };
    const policy = { afterEnvironmentId: environment.id } as Policy;
    const read = async () => (await readOrder(db, policy, { componentId: component.id, sha })) ?? expect.fail('none');
    return { eu, source, first, second, judge, read };
  }

  test('the worst says how it is, whichever was judged last', async () => {
    const { first, second, judge, read } = await twoTargets();
    const says = async () => (await read()).proof?.health;
    await judge(second.id, 'healthy');
    expect(await says(), 'the other has no verdict yet').toEqual({
      number: first.number,
      verdict: null,
      closed: false,
    });
    await judge(first.id, 'worse');
    expect(await says()).toMatchObject({ number: first.number, verdict: 'worse' });
    await judge(first.id, 'inconclusive');
    expect(await says()).toMatchObject({ number: first.number, verdict: 'inconclusive' });
    await judge(first.id, 'healthy');
    expect((await says())?.verdict).toBe('healthy');
  });

  test('one that nothing measures says nothing beside one that is measured', async () => {
    const { second, judge, read } = await twoTargets({ measured: [false, true] });
    await judge(second.id, 'healthy');
    expect((await read()).proof?.health).toMatchObject({ number: second.number, verdict: 'healthy' });
    const alerts = await twoTargets({ measured: [false, true] });
    await alerts.judge(alerts.first.id, 'inconclusive');
    await alerts.judge(alerts.second.id, 'healthy');
    expect((await alerts.read()).proof?.health, 'of which only alerts are watched').toMatchObject({
      ...{ number: alerts.second.number, verdict: 'healthy' },
    });
    const { read: unmeasured } = await twoTargets({ measured: [false, false] });
    expect(await unmeasured()).toMatchObject({ isMeasured: false, proof: { health: null } });
  });

  test('a roll-back at one of them takes the proof away', async () => {
    const { db } = database;
    const { eu, source, read } = await twoTargets();
    expect((await read()).proof).not.toBeNull();
    await makeDeployment(db, eu, 'succeeded', { kind: 'rollback', sourceDeploymentId: source.id });
    expect((await read()).proof).toBeNull();
  });

  test('a roll-back from before it, and one to what went live after it, take nothing away, whichever was asked for first', async () => {
    const { db } = database;
    const { eu, first, source, read } = await twoTargets();
    const back = { kind: 'rollback', sourceDeploymentId: source.id } as const;
    await makeDeployment(db, eu, 'succeeded', { ...back, finishedAt: minutesAgo(65) });
    const later = await makeDeployment(db, eu, 'succeeded', { finishedAt: minutesAgo(30) });
    await makeDeployment(db, eu, 'succeeded', { ...back, sourceDeploymentId: later.id });
    await makeDeployment(db, eu, 'failed', { ...back, finishedAt: minutesAgo(5) });
    expect((await read()).proof).toMatchObject({ number: first.number });
    await makeDeployment(db, eu, 'awaiting_approval', { ...back, requestedAt: minutesAgo(90) });
    expect((await read()).proof, 'people may refuse what was asked for before').not.toBeNull();
    await makeDeployment(db, eu, 'awaiting_approval', back);
    expect((await read()).proof).toBeNull();
  });

  test.each(['queued', 'building'] as const)(
    'a roll-back that is %s takes away also what was asked for after it',
    async (status) => {
      const { db } = database;
      const { eu, first, source, read } = await twoTargets();
      await makeDeployment(db, eu, status, { kind: 'rollback', sourceDeploymentId: source.id });
      await makeDeployment(db, eu, 'succeeded', { sha: first.sha });
      expect((await read()).proof).toBeNull();
    },
  );

  test('a re-run of a roll-back counts by its own end', async () => {
    const { db } = database;
    const { eu, first, source, read } = await twoTargets();
    const run = { remoteId: '77', finishedAt: minutesAgo(50) };
    await makeDeployment(db, eu, 'failed', { ...run, kind: 'rollback', sourceDeploymentId: source.id });
    await makeDeployment(db, eu, 'succeeded', { ...run, kind: 'retry' });
    expect((await read()).proof).toBeNull();
    await makeDeployment(db, eu, 'succeeded', { sha: first.sha, finishedAt: minutesAgo(20) });
    expect((await read()).proof, 'live after that').not.toBeNull();
  });

  test('time runs from the first that went live, whichever was asked for first', async () => {
    const { db } = database;
    const { eu, first, read } = await twoTargets();
    const early = await makeDeployment(db, eu, 'succeeded', { sha: first.sha, finishedAt: minutesAgo(80) });
    expect((await read()).proof).toMatchObject({ number: early.number, since: early.finishedAt?.toISOString() });
  });

  test('what was live for too long when somebody began to measure is never judged', async () => {
    const { read } = await twoTargets({ age: 48 * 60 });
    expect((await read()).proof?.health).toMatchObject({ verdict: null, closed: true });
    const { read: young } = await twoTargets({ age: 6 * 60 });
    expect((await young()).proof?.health).toMatchObject({ verdict: null, closed: false });
  });
});
