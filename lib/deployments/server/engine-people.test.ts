import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ProviderError } from '@/lib/providers/port';
import { type EngineWorld, engineWorld } from '../testing/engine-world';
import { cancelDeployment, liftPin, redeploy, retryDeployment, rollBack } from './index';

let world: EngineWorld;
beforeEach(async () => {
  world = await engineWorld();
});
afterEach(() => world.close());

describe('cancel', () => {
  test('before anything was sent ends at once', async () => {
    const { deploymentId } = await world.click();
    await cancelDeployment(world.as('operator'), { deploymentId });
    expect(await world.look(deploymentId)).toMatchObject({ status: 'cancelled', cancelRequestedByName: 'operator' });
    expect(world.vendor.requests).toBe(0);
  });

  test('in flight asks the provider once and waits for its word', async () => {
    const { deploymentId } = await world.click();
    await world.look(deploymentId);
    await cancelDeployment(world.as('operator'), { deploymentId });
    expect((await world.row(deploymentId)).status).toBe('cancelling');
    expect((await world.look(deploymentId)).status).toBe('cancelled');
    expect(world.vendor.cancels).toBe(1);
  });

  test('too late: the provider wins and it goes live', async () => {
    const { deploymentId } = await world.click();
    await world.look(deploymentId);
    const [run] = world.vendor.runs;
    if (run) run.phase = 'done';
    await cancelDeployment(world.as('operator'), { deploymentId });
    expect((await world.look(deploymentId)).status).toBe('succeeded');
  });

  test('a cancel that the provider refuses never hides how the run ended', async () => {
    const { deploymentId } = await world.click();
    await world.look(deploymentId);
    const cancel = world.vendor.provider.methods.cancel ?? expect.fail('no cancel');
    cancel.cancel = async () => {
      throw new ProviderError('notFound', 'no_run', 'It hides the run from this credential.');
    };
    await cancelDeployment(world.as('operator'), { deploymentId });
    for (let i = 0; i < 4; i++) await world.look(deploymentId);
    expect(await world.row(deploymentId)).toMatchObject({
      status: 'cancelling',
      troubleSentence: 'It hides the run from this credential.',
    });
    const [run] = world.vendor.runs;
    if (run) run.phase = 'done';
    expect((await world.look(deploymentId)).status).toBe('succeeded');
  });

  test('while nobody knows whether a run started: never sent again, cancelled after proven absence', async () => {
    world.vendor.answers = ['lost'];
    const { deploymentId } = await world.click();
    await world.look(deploymentId);
    await cancelDeployment(world.as('operator'), { deploymentId });
    await world.passTime(90);
    expect((await world.look(deploymentId)).status).toBe('cancelled');
    expect(world.vendor.requests).toBe(1);
  });
});

describe('again', () => {
  test('re-running failed jobs is a new deployment on the next attempt of the same run, once', async () => {
    const failed = await world.deployed('failed');
    const [one, two] = await Promise.all([
      retryDeployment(world.as('operator'), { deploymentId: failed }),
      retryDeployment(world.as('operator'), { deploymentId: failed }),
    ]);
    expect(one?.deploymentId).toBe(two?.deploymentId);
    await world.look(one?.deploymentId ?? '');
    expect(world.vendor.runs).toMatchObject([{ id: '1000', attempt: 2 }]);
    const [run] = world.vendor.runs;
    if (run) run.phase = 'done';
    expect(await world.look(one?.deploymentId ?? '')).toMatchObject({
      status: 'succeeded',
      kind: 'retry',
      remoteAttempt: 2,
      sourceDeploymentId: failed,
    });
    expect((await world.row(failed)).status).toBe('failed');
  });

  test('a re-run whose answer is lost is recognised by the grown attempt number', async () => {
    const failed = await world.deployed('failed');
    world.vendor.answers = ['accepted-then-lost'];
    const again = await retryDeployment(world.as('operator'), { deploymentId: failed });
    await world.look(again.deploymentId);
    expect(await world.look(again.deploymentId)).toMatchObject({ status: 'building', remoteAttempt: 2 });
    expect(world.vendor.runs).toMatchObject([{ attempt: 2 }]);
  });

  test('a re-run that never reached the provider is not taken for accepted; it is sent after proven absence', async () => {
    const failed = await world.deployed('failed');
    const retry = world.vendor.provider.methods.retry ?? expect.fail('no retry');
    const { retry: send } = retry;
    retry.retry = async () => {
      throw new ProviderError('unavailable', 'no_answer', 'No answer.', { ambiguous: true });
    };
    const { deploymentId } = await retryDeployment(world.as('operator'), { deploymentId: failed });
    await world.look(deploymentId);
    expect((await world.look(deploymentId)).status).toBe('submitting');
    retry.retry = send;
    await world.passTime(61);
    expect(await world.look(deploymentId)).toMatchObject({ status: 'building', remoteAttempt: 2 });
    expect(world.vendor.runs).toMatchObject([{ attempt: 2 }]);
  });

  test.each(['source', 're-run'])(
    'a re-run cancelled before it was sent can be asked for again, from the %s',
    async (from) => {
      const operator = world.as('operator');
      const failed = await world.deployed('failed');
      const first = await retryDeployment(operator, { deploymentId: failed });
      await cancelDeployment(operator, { deploymentId: first.deploymentId });
      const second = await retryDeployment(operator, { deploymentId: from === 'source' ? failed : first.deploymentId });
      expect(second.outcome).toBe('created');
      expect(await world.look(second.deploymentId)).toMatchObject({ status: 'building', remoteAttempt: 2 });
      expect(world.vendor.runs).toMatchObject([{ attempt: 2 }]);
    },
  );

  test('a roll-back pins the target with name and reason until somebody lifts it', async () => {
    const good = await world.deployed('done');
    const bad = await world.deployed('done', { inputs: { level: 'debug' } });
    expect(await world.current()).toBe(bad);
    const operator = world.as('operator', 'ana');
    const back = await rollBack(operator, {
      targetId: 'tgt_staging',
      toDeploymentId: good,
      reason: 'Errors went up.',
      idempotencyKey: 'roll-back-1',
    });
    await world.look(back.deploymentId);
    const run = world.vendor.runs.at(-1);
    if (run) run.phase = 'done';
    expect(await world.look(back.deploymentId)).toMatchObject({
      status: 'succeeded',
      kind: 'rollback',
      sourceDeploymentId: good,
    });
    await expect(world.click()).rejects.toMatchObject({
      code: 'pinned_rollback',
      sentence: expect.stringContaining('Errors went up.'),
    });
    const [pin] = await world.pins();
    await expect(liftPin(world.as('viewer'), { pinId: pin?.id ?? '' })).rejects.toMatchObject({ code: 'forbidden' });
    expect(await liftPin(operator, { pinId: pin?.id ?? '' })).toEqual({ lifted: true });
    expect((await redeploy(operator, { deploymentId: bad, idempotencyKey: 'deploy-again-1' })).outcome).toBe('created');
  });
});

test('a roll-back holds the target even where the same commit was waiting to be deployed anyway', async () => {
  const good = await world.deployed('done');
  const bad = await world.deployed('done', { sha: 'e'.repeat(40) });
  await redeploy(world.as('operator'), { deploymentId: good, idempotencyKey: 'deploy-again-2' });
  const back = await rollBack(world.as('operator'), {
    targetId: 'tgt_staging',
    toDeploymentId: good,
    reason: 'Errors went up.',
    idempotencyKey: 'roll-back-4',
  });
  expect(await world.pins()).toMatchObject([{ kind: 'rollback', deploymentId: back.deploymentId }]);
  expect((await world.look(back.deploymentId)).status).toBe('building');
  expect(await world.current()).toBe(bad);
});

test('a roll-back is checked against the settings that it is sent with, and those are the target’s', async () => {
  const good = await world.deployed('done');
  await world.deployed('done', { sha: 'e'.repeat(40) });
  await world.database.db.execute(sql`update targets set config = '{"repository":"acme/other"}'`);
  const workflows = world.vendor.provider.methods.workflows ?? expect.fail('no workflows');
  const { form } = workflows;
  workflows.form = async (c, config, ref) => ({
    ...(await form(c, config, ref)),
    findable: config.repository === 'acme/other',
  });
  const back = await rollBack(world.as('operator'), {
    targetId: 'tgt_staging',
    toDeploymentId: good,
    reason: 'Errors went up.',
    idempotencyKey: 'roll-back-3',
  });
  const { config, dispatch } = await world.row(back.deploymentId);
  expect({ repository: config.repository, findable: dispatch.findable }).toEqual({
    repository: 'acme/other',
    findable: true,
  });
});

test('a roll-back does not wait behind a deployment that it holds back itself', async () => {
  const good = await world.deployed('done');
  await world.deployed('done', { sha: 'e'.repeat(40) });
  const running = await world.click({ inputs: { level: 'debug' } });
  await world.look(running.deploymentId);
  const waiting = await world.click({ sha: 'b'.repeat(40) });
  const back = await rollBack(world.as('operator'), {
    targetId: 'tgt_staging',
    toDeploymentId: good,
    reason: 'Errors went up.',
    idempotencyKey: 'roll-back-2',
  });
  const run = world.vendor.runs.at(-1);
  if (run) run.phase = 'done';
  world.woken.length = 0;
  await world.look(running.deploymentId);
  expect(world.woken).toContain(back.deploymentId);
  expect((await world.look(waiting.deploymentId)).waitingFor).toMatch(
    /^Held after a roll-back by operator: Errors went up\. /,
  );
  expect((await world.look(back.deploymentId)).status).toBe('building');
});

describe('refusals', () => {
  test('a viewer may not deploy, whoever calls the verb', async () => {
    await expect(world.click({ who: world.as('viewer') })).rejects.toMatchObject({
      kind: 'forbidden',
      sentence: expect.stringContaining('operator'),
    });
  });

  test('values that do not fit the form are named field by field and nothing is written', async () => {
    await expect(world.click({ inputs: { level: 'loud' } })).rejects.toMatchObject({
      code: 'invalid_inputs',
      fields: { level: expect.any(String) },
    });
    expect(await world.audits('deployment.request.deploy')).toHaveLength(0);
  });

  test('a branch that moved is refused when the workflow cannot pin a commit', async () => {
    world.vendor.shaInput = null;
    await expect(world.click({ sha: 'c'.repeat(40) })).rejects.toMatchObject({
      code: 'ref_changed',
      sentence: expect.stringContaining('Review the new commits'),
    });
  });

  test('a commit that is not on the chosen branch is refused, whoever names it', async () => {
    const source = world.vendor.provider.methods.source ?? expect.fail('no source');
    const { resolve } = source;
    source.resolve = async (c, config, ref) => {
      if (ref === `refs/heads/main@${'f'.repeat(40)}`)
        throw new ProviderError('rejected', 'not_on_ref', 'Not on main.');
      return resolve(c, config, ref);
    };
    await expect(world.click({ sha: 'f'.repeat(40) })).rejects.toMatchObject({ code: 'not_on_ref' });
    expect((await world.click()).outcome).toBe('created');
  });

  test('a connection without a credential says where to enter one', async () => {
    await world.database.db.execute(sql`update connections set sealed_credential = null`);
    await expect(world.click()).rejects.toMatchObject({
      code: 'no_credential',
      sentence: expect.stringContaining('Connections'),
    });
  });
});
