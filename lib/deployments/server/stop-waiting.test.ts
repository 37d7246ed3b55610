import { afterEach, beforeEach, expect, test } from 'vitest';
import { targets } from '@/lib/db/schema';
import { Probe } from '@/lib/targets/model/probe';
import { type EngineWorld, engineWorld } from '../testing/engine-world';
import { cancelDeployment, liftPin, readDeployment, retryDeployment, rollBack, stopWaiting } from './index';

const [ONE, TWO] = ['1', '2'].map((digit) => digit.repeat(40)) as [string, string];

let world: EngineWorld;
let good: string;
beforeEach(async () => {
  world = await engineWorld();
  world.vendor.history = [ONE, TWO];
  good = await world.deployed('done', { sha: ONE });
  await probed();
  world.outside.answer = async () => new Response('oops', { status: 500 });
});
afterEach(() => world.close());

const probed = () =>
  world.database.db.update(targets).set({ probe: Probe.parse({ url: 'https://api.test/version', field: 'sha' }) });
const back = () =>
  rollBack(world.as('operator'), {
    ...{ targetId: 'tgt_staging', toDeploymentId: good, reason: 'Errors', idempotencyKey: 'key-back-1' },
    ...{ checklist: [], freezeOverrideReason: null },
  });

const press = (deploymentId: string, role: 'operator' | 'viewer' = 'operator') =>
  stopWaiting(world.as(role, 'ada'), { deploymentId });

test('ends the check as not live, by whom is said, and asks nothing of the provider', async () => {
  const deploymentId = await world.deployed('done', { sha: TWO });
  await expect(cancelDeployment(world.as('operator'), { deploymentId })).rejects.toMatchObject({
    ...{ code: 'not_cancellable', sentence: expect.stringContaining('Stop waiting') },
  });
  const page = await readDeployment(world.as('operator'), { deploymentId });
  expect(page.actions.stopWaiting).toEqual({ allowed: true, refusal: null });
  const { requests, lookups, cancels } = world.vendor;
  expect(await press(deploymentId)).toEqual({ status: 'failed' });
  expect(world.vendor).toMatchObject({ requests, lookups, cancels });
  expect(await world.row(deploymentId)).toMatchObject({
    ...{ status: 'failed', failureCode: 'not_live', nextCheckAt: null, deadlineAt: null },
    failureSentence: expect.stringMatching(/^ada stopped waiting before it was proven live/),
  });
  expect(await world.current()).toBe(good);
  expect(await world.audits('deployment.stop_waiting')).toMatchObject([{ actorName: 'ada', code: 'not_live' }]);
  expect((await world.timeline(deploymentId)).at(-1)).toBe('stop_waiting');
  await expect(press(deploymentId)).rejects.toMatchObject({ code: 'not_verifying' });
});

test('is for whoever may cancel, and only while there is a check', async () => {
  const deploymentId = await world.deployed('done', { sha: TWO });
  await expect(press(deploymentId, 'viewer')).rejects.toMatchObject({ kind: 'forbidden' });
  expect((await world.row(deploymentId)).status).toBe('verifying');
  await expect(press(good)).rejects.toMatchObject({ code: 'not_verifying' });
});

test('what waits behind it has its turn, and nothing else is begun', async () => {
  const deploymentId = await world.deployed('done', { sha: TWO });
  const next = await world.click({ sha: TWO, inputs: { level: 'debug' } });
  world.woken.length = 0;
  await press(deploymentId);
  expect(world.woken).toEqual([next.deploymentId]);
  expect(world.vendor.runs).toHaveLength(2);
});

test('of a roll-back the hold stays: nobody can tell whether it took effect', async () => {
  await world.database.db.update(targets).set({ probe: null });
  await world.deployed('done', { sha: TWO });
  const { deploymentId } = await back();
  await probed();
  await world.look(deploymentId);
  Object.assign(world.vendor.runs.at(-1) ?? {}, { phase: 'done' });
  expect((await world.look(deploymentId)).status).toBe('verifying');
  await press(deploymentId);
  expect(await world.pins()).toMatchObject([{ deploymentId, liftedAt: null }]);
  expect(await world.timeline(deploymentId)).toContain('pin_kept');
});

test('whether a pin of its own holds the target is on its page: of a roll-back, of its re-run, and until it is lifted', async () => {
  await world.database.db.update(targets).set({ probe: null });
  const plain = await world.deployed('done', { sha: TWO });
  const holds = async (deploymentId: string) =>
    (await readDeployment(world.as('operator'), { deploymentId })).holdsTarget;
  const { deploymentId } = await back();
  expect([await holds(plain), await holds(deploymentId)]).toEqual([false, true]);
  await world.look(deploymentId);
  Object.assign(world.vendor.runs.at(-1) ?? {}, { phase: 'failed' });
  expect((await world.look(deploymentId)).status).toBe('failed');
  const again = await retryDeployment(world.as('operator'), { deploymentId });
  expect([await holds(deploymentId), await holds(again.deploymentId)]).toEqual([true, true]);
  const pin = (await world.pins()).find((each) => each.deploymentId === again.deploymentId);
  await liftPin(world.as('admin'), { pinId: pin?.id ?? '' });
  expect(await holds(again.deploymentId)).toBe(false);
});
