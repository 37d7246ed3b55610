import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { attempts } from '@/lib/db/schema';
import { type GateWorld, gateWorld } from '../testing/gate-world';
import { accept, isOneTooMany } from './accept';
import { readDeployment, seekLateRuns } from './index';
import { loadDeployment } from './rows';
import { callOff } from './second-run';

let world: GateWorld;
beforeAll(async () => {
  world = await gateWorld();
});
afterAll(() => world.close());

test('a late run that its own sender has called off meanwhile is offered to nobody for cancelling', async () => {
  const { db } = world.database;
  world.vendor.answers = ['accepted-then-lost'];
  world.vendor.listable = false;
  const { deploymentId } = await world.click();
  await world.look(deploymentId);
  await world.passTime(120);
  await world.look(deploymentId);
  for (const run of world.vendor.runs) if (run.id === '1001') run.phase = 'done';
  await world.look(deploymentId);
  world.vendor.listable = true;
  await world.passTime(60);
  await seekLateRuns(world.engine);
  const read = () => readDeployment(world.as('operator'), { deploymentId });
  expect((await read()).lateRun).toMatchObject({ runId: '1000', cancel: { allowed: true } });
  const [attempt] = await db
    .select()
    .from(attempts)
    .where(eq(attempts.deploymentId, deploymentId))
    .orderBy(attempts.number);
  const row = (await loadDeployment(db, deploymentId)) ?? expect.fail('no deployment');
  const ref = { id: '1000', attempt: 1, url: '' };
  const became = await accept(world.engine, deploymentId, attempt?.id ?? expect.fail('no attempt'), ref);
  expect(isOneTooMany(became)).toBe(true);
  await callOff(world.engine, row, ref);
  expect((await read()).lateRun?.cancel.allowed).toBe(false);
});
