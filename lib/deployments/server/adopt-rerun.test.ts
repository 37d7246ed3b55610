import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { settings } from '@/lib/db/schema';
import { copyDatabase } from '@/scripts/testing/database';
import { type EngineWorld, engineWorld } from '../testing/engine-world';
import { beat } from './heartbeat';
import { resolveUnknown, retryDeployment } from './index';
import { adopt } from './look-first';
import { callOffLeft } from './second-run';

let before: EngineWorld;
/** The same vendor, over a copy of the database from before: what was sent since is not in it. */
let world: EngineWorld;
let deploymentId: string;
const OTHER = { id: '7777', attempt: 2, url: '' };

beforeAll(async () => {
  before = await engineWorld();
  await beat(before.engine);
  const failed = await before.deployed('failed', { target: 'production' });
  ({ deploymentId } = await retryDeployment(before.as('operator'), { deploymentId: failed }));
  world = await engineWorld({ test: await copyDatabase(before.url), vendor: before.vendor });
  await beat(world.engine);
  await world.database.db.update(settings).set({
    value: sql`jsonb_set(${settings.value}, '{restoredAt}', to_jsonb(to_char((now() - interval '2 minutes') at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')))`,
  });
  await world.database.db.execute(sql`update deployments set requested_at = now() - interval '1 hour'`);
  expect(await world.look(deploymentId)).toMatchObject({ status: 'queued', attention: 'unknown_outcome' });
  world.vendor.runs.push({ ...OTHER, marker: 'of-somebody', sha: world.vendor.head, phase: 'queued' });
});
afterAll(async () => {
  await world.close();
  await before.close();
});

/** Nothing of it was written, so nothing of it is cancelled. */
async function expectUntouched(): Promise<void> {
  expect(await world.row(deploymentId)).toMatchObject({
    status: 'queued',
    attention: 'unknown_outcome',
    remoteId: '1000',
  });
  expect(await world.attemptsOf(deploymentId)).toEqual([]);
  await world.passTime(11);
  expect(await callOffLeft(world.engine)).toBe(0);
  expect(world.vendor.runs.find((run) => run.id === OTHER.id)?.phase).toBe('queued');
}

test('a run that a person names for a re-run, and that is not its own, is refused and never cancelled', async () => {
  const named = { deploymentId, decision: 'adopt', remoteId: OTHER.id, reason: 'It is this one.' } as const;
  const refusal = { code: 'other_run', sentence: expect.stringContaining('this is run 1000, attempt 2') };
  await expect(resolveUnknown(world.as('operator'), named)).rejects.toMatchObject(refusal);
  await expectUntouched();
});

test('what cannot be followed leaves nothing behind: no claim, and no run that would be called off', async () => {
  expect(await adopt(world.engine, await world.row(deploymentId), { number: 1, ref: OTHER })).toBe('overtaken');
  await expectUntouched();
});
