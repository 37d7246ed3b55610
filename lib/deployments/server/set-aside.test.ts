import { eq, sql } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { deployments, environments } from '@/lib/db/schema';
import { readPolicy, setPolicy } from '@/lib/gates/server';
import { type EngineWorld, engineWorld } from '../testing/engine-world';
import { advanceOrSetAside } from './set-aside';
import { LATE_LOOK } from './wait-out';

let world: EngineWorld;
beforeEach(async () => {
  world = await engineWorld();
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await world.close();
});

test('what the code cannot cope with ends after three tries when nothing was sent, and says why', async () => {
  const { deploymentId } = await world.click();
  await world.database.db.update(deployments).set({ lookFirst: true, dispatch: sql`'null'::jsonb` });
  const seen: string[] = [];
  for (let tries = 0; tries < 3; tries++) {
    await advanceOrSetAside(world.engine, deploymentId);
    seen.push((await world.row(deploymentId)).status);
  }
  expect(seen).toEqual(['queued', 'queued', 'errored']);
  expect(await world.row(deploymentId)).toMatchObject({
    failureCode: 'console_bug',
    failureSentence: expect.stringContaining('TypeError, try 3'),
  });
  expect(world.vendor.requests).toBe(0);
});

test('what waits for something else now does not stand aside for a look any more that was marked by its waiting', async () => {
  const { deploymentId } = await world.click();
  await world.database.db.update(deployments).set({ waitingFor: LATE_LOOK, failureCode: 'bad_token' });
  await world.database.db.execute(sql`update environments set policy = '{"checks": "of a newer version"}'::jsonb`);
  await advanceOrSetAside(world.engine, deploymentId);
  expect(await world.row(deploymentId)).toMatchObject({
    waitingFor: expect.stringContaining('cannot be read by this version'),
    failureCode: null,
  });
});

test('what an environment asks for and cannot be read holds everything and ends nothing, until it can be', async () => {
  const { deploymentId } = await world.click();
  const policy = (text: string) =>
    world.database.db.execute(
      sql`update environments set policy = ${text}::jsonb, policy_version = policy_version + 1`,
    );
  await policy('{"checks": "of a newer version"}');
  for (let tries = 0; tries < 5; tries++) await advanceOrSetAside(world.engine, deploymentId);
  expect(await world.row(deploymentId)).toMatchObject({
    status: 'queued',
    waitingFor: expect.stringContaining('cannot be read by this version'),
    failureCode: null,
  });
  await expect(world.click()).rejects.toMatchObject({ kind: 'precondition', code: 'policy_unreadable' });
  expect(world.vendor.requests).toBe(0);
  const [place] = await world.database.db.select().from(environments).where(eq(environments.id, 'env_staging'));
  const anew = { environmentId: 'env_staging', policyVersion: place?.policyVersion ?? 0, policy: {} };
  expect(await readPolicy(world.as('admin'), anew)).toMatchObject({ unreadable: true, refusal: null });
  await expect(setPolicy(world.as('admin'), anew)).rejects.toMatchObject({ code: 'reason_needed' });
  await setPolicy(world.as('admin'), { ...anew, reason: 'The newer instance is gone' });
  expect(await world.audits('policy.set')).toMatchObject([
    { sentence: expect.stringContaining('gone'), data: { before: { checks: 'of a newer version' } } },
  ]);
  expect(await readPolicy(world.as('admin'), anew)).toMatchObject({ unreadable: false });
  await policy('{"soakMinutes": 0, "asksTheMoon": true}');
  await advanceOrSetAside(world.engine, deploymentId);
  expect((await world.row(deploymentId)).status, 'a setting of a newer version is left alone').toBe('building');
});

test('what may have been sent is never ended by a bug: a person is asked, and it is looked at every five minutes', async () => {
  const { deploymentId } = await world.click();
  const status = { status: 'submitting' as const, dispatch: sql`'null'::jsonb`, lookFirst: true };
  await world.database.db.update(deployments).set(status).where(eq(deployments.id, deploymentId));
  for (let tries = 0; tries < 3; tries++) await advanceOrSetAside(world.engine, deploymentId);
  const row = await world.row(deploymentId);
  expect(row).toMatchObject({ status: 'submitting', attention: 'unknown_outcome', troubleCount: 3 });
  expect((row.nextCheckAt?.getTime() ?? 0) - Date.now()).toBeGreaterThan(200_000);
});

test('a database that is away is no reason to give up a deployment', async () => {
  const { deploymentId } = await world.click();
  await expect(advanceOrSetAside({ ...world.engine, db: away(world) }, deploymentId)).rejects.toThrow();
  expect((await world.row(deploymentId)).troubleCount).toBe(0);
});

/** A pool whose connections cannot be had. */
function away({ database }: EngineWorld): EngineWorld['engine']['db'] {
  const failing = new Proxy(database.db, {
    get: (db, key) =>
      key === 'select'
        ? () => {
            throw Object.assign(new Error('the database system is starting up'), { severity: 'FATAL' });
          }
        : Reflect.get(db, key),
  });
  return failing;
}
