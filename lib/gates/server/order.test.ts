import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '@/lib/db/client';
import { verdicts } from '@/lib/db/schema';
import { openTestDatabase } from '@/lib/db/testing/context';
import { makeDeployment, makeTarget } from '@/lib/db/testing/factories';
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
