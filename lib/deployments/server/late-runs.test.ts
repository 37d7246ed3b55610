import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Consumer } from '@/lib/connections/model/consumer';
import { attempts } from '@/lib/db/schema';
import { ProviderError } from '@/lib/providers/port';
import { markerOf } from '../model/marker';
import { type GateWorld, gateWorld } from '../testing/gate-world';
import {
  cancelDeployment,
  cancelLateRun,
  readDeployment,
  resolveUnknown,
  retryDeployment,
  seekLateRuns,
} from './index';
import { recordLateRun } from './late-runs';

let world: GateWorld;
beforeEach(async () => {
  world = await gateWorld();
});
afterEach(() => world.close());

/** Its run exists and nobody saw it; back in the queue, it was cancelled. */
async function cancelledUnseen(): Promise<string> {
  world.vendor.answers = ['accepted-then-lost'];
  world.vendor.listable = false;
  const { deploymentId } = await world.click();
  await world.look(deploymentId);
  await world.lock({ environment: 'staging' });
  await world.passTime(120);
  expect((await world.look(deploymentId)).status).toBe('queued');
  expect(await cancelDeployment(world.as('operator'), { deploymentId })).toEqual({ status: 'cancelled' });
  return deploymentId;
}
const minutesLater = (minutes: number) =>
  world.database.pool.query(`update attempts set sought_at = sought_at - interval '${minutes} minutes';
    update deployments set finished_at = finished_at - interval '${minutes} minutes'`);
const asked = () => seekLateRuns(world.engine);

test('a run that appears after its deployment was cancelled is shown on it, told, and stopped when a person says so', async () => {
  const deploymentId = await cancelledUnseen();
  expect(await asked()).toBe(1);
  const page = () => readDeployment(world.as('operator'), { deploymentId });
  expect((await page()).lateRun, 'nothing is there yet').toBeNull();
  const none = cancelLateRun(world.as('operator'), { deploymentId });
  await expect(none).rejects.toMatchObject({ kind: 'precondition', code: 'no_late_run' });
  world.vendor.listable = true;
  await minutesLater(1);
  await asked();
  expect(await page()).toMatchObject({
    status: 'cancelled',
    lateRun: {
      runId: '1000',
      url: 'https://scripted.test/runs/1000',
      sentence: expect.stringMatching(/^Run 1000 of this deployment appeared at the provider after it had ended here/),
      cancelledBy: null,
      cancel: { allowed: true },
    },
  });
  await minutesLater(60);
  await asked();
  expect(await world.audits('deployment.late_run'), 'told once').toHaveLength(1);
  expect(world.vendor.cancels, 'nothing is stopped by itself').toBe(0);

  const viewer = cancelLateRun(world.as('viewer'), { deploymentId });
  await expect(viewer).rejects.toMatchObject({ code: 'forbidden' });
  expect(await cancelLateRun(world.as('operator'), { deploymentId })).toEqual({ runId: '1000' });
  expect(world.vendor.runs).toMatchObject([{ id: '1000', phase: 'cancelled' }]);
  expect(await world.audits('deployment.cancel-late-run')).toMatchObject([{ actorName: 'operator', outcome: 'done' }]);
  expect((await page()).lateRun).toMatchObject({
    cancelledBy: 'operator',
    cancel: { refusal: { code: 'already_cancelling' } },
  });
  const twice = cancelLateRun(world.as('operator', 'bob'), { deploymentId });
  await expect(twice).rejects.toMatchObject({
    code: 'already_cancelling',
    sentence: expect.stringContaining('operator'),
  });
  expect(world.vendor.cancels).toBe(1);
});

test('of several who press it at the same moment, one reaches the provider', async () => {
  const deploymentId = await cancelledUnseen();
  world.vendor.listable = true;
  await asked();
  const gate = Promise.withResolvers<void>();
  const { cancel } = world.vendor.provider.methods;
  const whole = cancel?.cancel ?? expect.fail('no cancel');
  if (cancel)
    cancel.cancel = async (...request) => {
      await gate.promise;
      return whole(...request);
    };
  const presses = ['ada', 'bob', 'cleo'].map((name) => cancelLateRun(world.as('operator', name), { deploymentId }));
  const answers = Promise.allSettled(presses);
  // The refusals do not wait for the provider; only then does it answer the one that reached it.
  await Promise.any(
    presses.map((press) =>
      press.then(
        () => Promise.reject(new Error('It was not refused.')),
        (refusal) => refusal,
      ),
    ),
  );
  gate.resolve();
  const codes = (await answers).map((each) => (each.status === 'rejected' ? each.reason.code : 'done'));
  expect(codes.sort()).toEqual(['already_cancelling', 'already_cancelling', 'done']);
  expect(world.vendor.cancels).toBe(1);
  expect(await world.audits('deployment.cancel-late-run')).toHaveLength(1);
});

test('a press that the provider refused bars nobody', async () => {
  const deploymentId = await cancelledUnseen();
  world.vendor.listable = true;
  await asked();
  const [run] = world.vendor.runs;
  if (run) run.phase = 'done';
  const press = () => cancelLateRun(world.as('operator'), { deploymentId });
  await expect(press()).rejects.toMatchObject({ code: 'already_finished' });
  await expect(press()).rejects.toMatchObject({ code: 'already_finished' });
  expect((await readDeployment(world.as('operator'), { deploymentId })).lateRun).toMatchObject({ cancelledBy: null });
});

test('of two late runs the one that is shown is the one that is cancelled', async () => {
  const deploymentId = await cancelledUnseen();
  const { db } = world.database;
  const later = {
    id: 'att_later',
    deploymentId,
    number: 2,
    marker: markerOf(deploymentId, 2),
    state: 'unknown',
  } as const;
  await db.insert(attempts).values({ ...later, leaseUntil: new Date(), sentAt: new Date(), remoteId: null });
  const row = await world.row(deploymentId);
  await db.transaction((tx) => recordLateRun(tx, world.engine, row, later.id, { id: '2000', attempt: 1, url: '' }));
  world.vendor.listable = true;
  await asked();
  expect((await readDeployment(world.as('operator'), { deploymentId })).lateRun).toMatchObject({ runId: '1000' });
  expect(await cancelLateRun(world.as('operator'), { deploymentId })).toEqual({ runId: '1000' });
  expect(world.vendor.runs).toMatchObject([{ phase: 'cancelled' }]);
});

/** A re-run of which nobody heard, given up by a person; the provider does it all the same, later. */
async function rerunGivenUp(): Promise<{ failed: string; deploymentId: string }> {
  const failed = await world.deployed('failed', { target: 'production' });
  const retry = world.vendor.provider.methods.retry ?? expect.fail('no retry');
  retry.retry = async () => {
    throw new ProviderError('unavailable', 'no_answer', 'No answer.', { ambiguous: true });
  };
  const { deploymentId } = await retryDeployment(world.as('operator'), { deploymentId: failed });
  await world.look(deploymentId);
  await world.passTime(600);
  expect((await world.look(deploymentId)).attention).toBe('unknown_outcome');
  await resolveUnknown(world.as('operator'), { deploymentId, decision: 'give_up', reason: 'Nothing is there.' });
  return { failed, deploymentId };
}

test('a re-run that begins after its deployment was given up is shown, and stopped when a person says so', async () => {
  const { deploymentId } = await rerunGivenUp();
  expect(await asked()).toBe(1);
  expect((await readDeployment(world.as('operator'), { deploymentId })).lateRun, 'still the old attempt').toBeNull();
  Object.assign(world.vendor.runs[0] ?? {}, { attempt: 2, phase: 'running' });
  await minutesLater(5);
  expect(await asked()).toBe(1);
  expect((await readDeployment(world.as('operator'), { deploymentId })).lateRun).toMatchObject({
    runId: '1000',
    sentence: expect.stringMatching(/^Run 1000, attempt 2, of this deployment appeared/),
    cancel: { allowed: true },
  });
  await cancelLateRun(world.as('operator'), { deploymentId });
  expect(world.vendor.runs).toMatchObject([{ phase: 'cancelled' }]);
});

test('the number that another re-run has is not taken for the one that was given up', async () => {
  const { failed, deploymentId } = await rerunGivenUp();
  const retry = world.vendor.provider.methods.retry ?? expect.fail('no retry');
  retry.retry = async () => {
    Object.assign(world.vendor.runs[0] ?? {}, { attempt: 2, phase: 'running' });
    return { id: '1000', attempt: 2, url: '' };
  };
  const again = await retryDeployment(world.as('operator'), { deploymentId: failed });
  expect(await asked(), 'it may still be that one').toBe(0);
  expect((await world.look(again.deploymentId)).status).toBe('building');
  await minutesLater(5);
  expect(await asked()).toBe(0);
  expect(await world.timeline(deploymentId)).not.toContain('late_run');
});

test('it is looked for ever less often and for a day; what was never sent, or followed, is not looked for', async () => {
  const deploymentId = await cancelledUnseen();
  await world.database.pool.query('update pins set lifted_at = now()');
  await world.deployed('done', { inputs: { level: 'debug' } });
  world.vendor.answers = ['rejected'];
  await world.look((await world.click({ inputs: { level: 'debug' } })).deploymentId);
  expect(await asked()).toBe(1);
  expect(await asked(), 'just now').toBe(0);
  await minutesLater(1);
  expect(await asked()).toBe(1);
  await minutesLater(20);
  expect(await asked()).toBe(1);
  await world.database.pool.query(`update attempts set sought_at = sought_at - interval '2 minutes'`);
  expect(await asked(), 'a quarter of its age has not passed').toBe(0);
  await minutesLater(25 * 60);
  expect(await asked()).toBe(0);
  expect(await world.timeline(deploymentId)).not.toContain('late_run');
});

test('a second run that surfaces only after the first has ended is told, and can be stopped', async () => {
  world.vendor.answers = ['accepted-then-lost'];
  world.vendor.listable = false;
  const { deploymentId } = await world.click();
  await world.look(deploymentId);
  await world.passTime(120);
  expect(await world.look(deploymentId)).toMatchObject({ status: 'building', remoteId: '1001' });
  world.vendor.runs.forEach((run) => {
    if (run.id === '1001') run.phase = 'done';
  });
  await world.look(deploymentId);
  expect(await world.row(deploymentId)).toMatchObject({ finishedAt: expect.any(Date) });
  await minutesLater(1);
  expect(await asked(), 'it is looked for').toBe(1);
  world.vendor.listable = true;
  await minutesLater(1);
  await asked();
  expect(await readDeployment(world.as('operator'), { deploymentId })).toMatchObject({ lateRun: { runId: '1000' } });
  expect(await cancelLateRun(world.as('operator'), { deploymentId })).toEqual({ runId: '1000' });
  expect(world.vendor.runs[0]).toMatchObject({ id: '1000', phase: 'cancelled' });
});

test('a look that the budget holds back is made up for in half a minute, and gives way only as looks at what runs do', async () => {
  const deploymentId = await cancelledUnseen();
  world.vendor.listable = true;
  await minutesLater(60);
  const held = new ProviderError('rateLimited', 'budget_used', 'Later.', { retryAfterMs: 60_000 });
  world.vendor.readError = held;
  const byWhom: (string | undefined)[] = [];
  const { openConnection } = world.engine;
  const engine = {
    ...world.engine,
    openConnection: (id: string, consumer?: Consumer) => {
      byWhom.push(consumer);
      return openConnection(id, consumer);
    },
  };
  expect(await seekLateRuns(engine)).toBe(1);
  expect(byWhom).toEqual(['watch']);
  expect(await seekLateRuns(engine), 'not at once').toBe(0);
  world.vendor.readError = null;
  await minutesLater(1);
  expect(await seekLateRuns(engine)).toBe(1);
  expect(await world.timeline(deploymentId)).toContain('late_run');
});
