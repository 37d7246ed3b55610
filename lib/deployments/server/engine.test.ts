import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ProviderError } from '@/lib/providers/port';
import { type EngineWorld, engineWorld } from '../testing/engine-world';
import { applyObservation } from './apply-observation';
import { claim } from './claim';
import { cancelDeployment, liftPin, redeploy, resolveUnknown, retryDeployment, rollBack, sweep } from './index';

let world: EngineWorld;
beforeEach(async () => {
  world = await engineWorld();
});
afterEach(() => world.close());

/** Deploys and drives the run to its end. */
async function deployed(
  phase: 'done' | 'failed' = 'done',
  options: Parameters<EngineWorld['click']>[0] = {},
): Promise<string> {
  const { deploymentId } = await world.click(options);
  await world.look(deploymentId);
  const run = world.vendor.runs.at(-1);
  if (run) run.phase = phase;
  await world.look(deploymentId);
  return deploymentId;
}

describe('one click is one run', () => {
  test('goes through every status, moves what is live, and leaves event and audit for each move', async () => {
    const { deploymentId, outcome } = await world.click();
    expect(outcome).toBe('created');
    expect((await world.row(deploymentId)).status).toBe('queued');
    expect((await world.look(deploymentId)).status).toBe('building');
    const [run] = world.vendor.runs;
    if (run) run.phase = 'deploying';
    expect((await world.look(deploymentId)).status).toBe('deploying');
    if (run) run.phase = 'done';
    const done = await world.look(deploymentId);
    expect(done).toMatchObject({ status: 'succeeded', remoteId: '1000', nextCheckAt: null, deadlineAt: null });
    expect(done.evidence).toMatchObject({ sentence: expect.stringContaining('raw/done') });
    expect(await world.current()).toBe(deploymentId);
    const timeline = await world.timeline(deploymentId);
    expect(timeline).toEqual([
      'requested',
      'claim',
      'observe_building',
      'observe_deploying',
      'observe_done',
      'health_confirmed',
    ]);
    for (const event of timeline.slice(1)) expect(await world.audits(`deployment.${event}`)).toHaveLength(1);
    expect(await world.audits('deployment.request.deploy')).toMatchObject([
      { actorName: 'operator', environment: 'staging', outcome: 'done' },
    ]);
  });

  test('four submits of one click, and the same commit from another person, are one deployment', async () => {
    const [a, b, c, d] = await Promise.all([
      world.click({ key: 'the-same-click' }),
      world.click({ key: 'the-same-click' }),
      world.click({ key: 'the-same-click' }),
      world.click({ who: world.as('operator', 'bo') }),
    ]);
    expect(new Set([a?.deploymentId, b?.deploymentId, c?.deploymentId, d?.deploymentId]).size).toBe(1);
    expect([a, b, c, d].filter((each) => each?.outcome === 'created')).toHaveLength(1);
    await Promise.all(Array.from({ length: 6 }, () => world.look(a?.deploymentId ?? '')));
    expect(world.vendor.runs).toHaveLength(1);
    expect(world.vendor.requests).toBe(1);
  });

  test('an idempotency key that was used for another target is refused', async () => {
    await world.click({ key: 'one-click-key' });
    await expect(world.click({ key: 'one-click-key', target: 'production' })).rejects.toMatchObject({
      code: 'key_reused',
    });
  });

  test('other content waits its turn behind the first and starts when that has ended', async () => {
    const first = await world.click();
    const second = await world.click({ inputs: { level: 'debug' } });
    await world.look(first.deploymentId);
    expect(await world.look(second.deploymentId)).toMatchObject({
      status: 'queued',
      waitingFor: `#${first.number} is on this target; it goes first.`,
    });
    const [run] = world.vendor.runs;
    if (run) run.phase = 'done';
    world.woken.length = 0;
    await world.look(first.deploymentId);
    expect(world.woken).toContain(second.deploymentId);
    expect((await world.look(second.deploymentId)).status).toBe('building');
  });

  test('the database refuses a second deployment in flight on a target', async () => {
    const first = await world.click();
    const second = await world.click({ inputs: { level: 'debug' } });
    await world.look(first.deploymentId);
    const forced = world.database.db.execute(
      sql`update deployments set status = 'building' where id = ${second.deploymentId}`,
    );
    await expect(forced).rejects.toMatchObject({ cause: { constraint: 'deployments_one_in_flight' } });
  });
});

describe('an answer that does not come', () => {
  test('is looked up by marker and adopted: one request, one run', async () => {
    world.vendor.answers = ['accepted-then-lost'];
    const { deploymentId } = await world.click();
    await world.look(deploymentId);
    const seen = await world.look(deploymentId);
    expect(seen).toMatchObject({ status: 'building', remoteId: '1000', attention: null });
    expect(world.vendor.requests).toBe(1);
  });

  test('accepted without a run id is found, not sent again', async () => {
    world.vendor.answers = ['accepted-without-id'];
    world.vendor.listable = false;
    const { deploymentId } = await world.click();
    expect((await world.look(deploymentId)).status).toBe('submitting');
    world.vendor.listable = true;
    expect((await world.look(deploymentId)).status).toBe('building');
    expect(world.vendor.requests).toBe(1);
  });

  test('is not sent again before absence is proven, and then exactly once, off production', async () => {
    world.vendor.answers = ['lost'];
    const { deploymentId } = await world.click();
    await world.look(deploymentId);
    await world.passTime(50);
    expect((await world.look(deploymentId)).status).toBe('submitting');
    expect(world.vendor.requests).toBe(1);
    await world.passTime(20);
    expect((await world.look(deploymentId)).status).toBe('building');
    expect(world.vendor.requests).toBe(2);
    expect(world.vendor.runs).toHaveLength(1);
    expect((await world.attemptsOf(deploymentId)).map((a) => a.state)).toEqual(['absent', 'accepted']);
  });

  test('a failing look-up proves nothing: no second request however long it lasts', async () => {
    world.vendor.answers = ['lost'];
    world.vendor.readError = new ProviderError('unavailable', 'down', 'It is down.');
    const { deploymentId } = await world.click({ key: 'a-click-while-reads-work' }).catch(async () => {
      throw new Error('the click itself must work');
    });
    await world.look(deploymentId);
    await world.passTime(3600);
    expect(await world.look(deploymentId)).toMatchObject({ status: 'submitting', troubleSentence: 'It is down.' });
    expect(world.vendor.requests).toBe(1);
  });

  test('on production nothing is sent again by itself: a person is asked, and a late run is still adopted', async () => {
    world.vendor.answers = ['accepted-then-lost'];
    world.vendor.listable = false;
    const { deploymentId } = await world.click({ target: 'production' });
    await world.look(deploymentId);
    await world.passTime(600);
    expect(await world.look(deploymentId)).toMatchObject({ status: 'submitting', attention: 'unknown_outcome' });
    expect(world.vendor.requests).toBe(1);
    world.vendor.listable = true;
    expect(await world.look(deploymentId)).toMatchObject({ status: 'building', attention: null });
    expect(world.vendor.runs).toHaveLength(1);
  });

  test.each([
    ['send_again', 'building', 2],
    ['give_up', 'errored', 1],
  ] as const)('a person decides %s', async (decision, status, requests) => {
    world.vendor.answers = ['lost'];
    const { deploymentId } = await world.click({ target: 'production' });
    await world.look(deploymentId);
    await world.passTime(600);
    await world.look(deploymentId);
    await resolveUnknown(world.as('operator'), { deploymentId, decision, reason: 'I looked at the provider.' });
    expect((await world.row(deploymentId)).status).toBe(status);
    expect(world.vendor.requests).toBe(requests);
    expect(await world.audits(`deployment.resolve.${decision}`)).toHaveLength(1);
    await expect(
      resolveUnknown(world.as('operator'), { deploymentId, decision, reason: 'Again.' }),
    ).rejects.toMatchObject({ code: 'not_unknown' });
  });

  test('a person names the run', async () => {
    world.vendor.answers = ['accepted-then-lost'];
    world.vendor.findable = false;
    const { deploymentId } = await world.click({ target: 'production' });
    await world.look(deploymentId);
    expect((await world.look(deploymentId)).attention).toBe('unknown_outcome');
    await expect(
      resolveUnknown(world.as('operator'), { deploymentId, decision: 'adopt', remoteId: '9', reason: 'This one.' }),
    ).rejects.toMatchObject({ code: 'run_not_found' });
    await resolveUnknown(world.as('operator'), {
      deploymentId,
      decision: 'adopt',
      remoteId: '1000',
      reason: 'This one.',
    });
    expect(await world.row(deploymentId)).toMatchObject({ status: 'building', remoteId: '1000' });
  });
});

describe('a process that dies', () => {
  test('between the attempt and the request: nothing happens within the lease, then absence is proven and it is sent', async () => {
    const { deploymentId } = await world.click();
    await claim(world.engine, deploymentId);
    await world.look(deploymentId);
    expect(world.vendor.requests).toBe(0);
    await world.passTime(90);
    expect((await world.look(deploymentId)).status).toBe('building');
    expect(world.vendor.runs).toHaveLength(1);
  });

  test('after the request and before the answer is written: the run is adopted', async () => {
    world.vendor.onSent = () => {
      throw new TypeError('killed');
    };
    const { deploymentId } = await world.click();
    await expect(world.look(deploymentId)).rejects.toThrow('killed');
    expect((await world.attemptsOf(deploymentId))[0]?.state).toBe('sending');
    await world.passTime(35);
    expect(await world.look(deploymentId)).toMatchObject({ status: 'building', remoteId: '1000' });
    expect(world.vendor.requests).toBe(1);
  });

  test('a deployment whose job is lost is swept up again', async () => {
    const { deploymentId } = await world.click();
    world.woken.length = 0;
    await world.passTime(1);
    expect(await sweep(world.engine)).toBe(1);
    expect(world.woken).toEqual([deploymentId]);
    expect(await sweep(world.engine)).toBe(0);
  });
});

describe('a provider that says no', () => {
  test('rejects: failed, with its reason and nothing left in flight', async () => {
    world.vendor.answers = ['rejected'];
    const { deploymentId } = await world.click();
    expect(await world.look(deploymentId)).toMatchObject({
      status: 'failed',
      failureCode: 'unexpected_input',
      failureSentence: expect.stringContaining('does not declare'),
    });
  });

  test('refuses the credential: errored, not failed', async () => {
    world.vendor.answers = ['auth'];
    const { deploymentId } = await world.click();
    expect(await world.look(deploymentId)).toMatchObject({ status: 'errored', failureCode: 'bad_token' });
  });

  test('is over its rate limit: no request before Retry-After ends, then one', async () => {
    world.vendor.answers = ['rate-limited'];
    const { deploymentId } = await world.click();
    await world.look(deploymentId);
    await world.passTime(80);
    expect(await world.look(deploymentId)).toMatchObject({ status: 'submitting' });
    expect(world.vendor.requests).toBe(1);
    await world.passTime(15);
    expect((await world.look(deploymentId)).status).toBe('building');
    expect(world.vendor.requests).toBe(2);
  });

  test('cannot be reached: kept and sent later', async () => {
    world.vendor.answers = ['unavailable'];
    const { deploymentId } = await world.click();
    await world.look(deploymentId);
    expect(await world.row(deploymentId)).toMatchObject({ status: 'submitting', waitingFor: 'It cannot be reached.' });
    await world.passTime(10);
    expect((await world.look(deploymentId)).status).toBe('building');
    expect(world.vendor.runs).toHaveLength(1);
  });
});

describe('watching a run', () => {
  test('a failed run names its step and sentence', async () => {
    const id = await deployed('failed');
    expect(await world.row(id)).toMatchObject({
      status: 'failed',
      failureStep: 'Run tests',
      failureSentence: 'Run tests failed with exit code 1.',
    });
    expect(await world.current()).toBeNull();
  });

  test('an observation of an older attempt or of another run changes nothing', async () => {
    const { deploymentId } = await world.click();
    await world.look(deploymentId);
    await world.database.db.execute(sql`update deployments set remote_attempt = 2 where id = ${deploymentId}`);
    const late = { ...world.vendor.observe({ id: '1000', attempt: 1, url: '' }), phase: 'failed' as const };
    expect(await applyObservation(world.engine, deploymentId, late, 3)).toBe(false);
    expect(
      await applyObservation(world.engine, deploymentId, { ...late, ref: { ...late.ref, id: '7', attempt: 9 } }, 3),
    ).toBe(false);
    expect((await world.row(deploymentId)).status).toBe('building');
  });

  test('an observation that arrives after the end writes nothing, and the database would refuse it', async () => {
    const id = await deployed('done');
    const before = await world.row(id);
    expect(await applyObservation(world.engine, id, world.vendor.observe({ id: '1000', attempt: 1, url: '' }), 3)).toBe(
      false,
    );
    expect(await world.row(id)).toEqual(before);
    const forced = world.database.db.execute(sql`update deployments set next_check_at = now() where id = ${id}`);
    await expect(forced).rejects.toMatchObject({ cause: { constraint: 'deployments_ended_is_over' } });
  });

  test('an unknown word keeps the status and is kept as it is', async () => {
    const { deploymentId } = await world.click();
    await world.look(deploymentId);
    const [run] = world.vendor.runs;
    if (run) run.phase = 'unrecognised';
    expect(await world.look(deploymentId)).toMatchObject({ status: 'building', rawPhase: 'raw/unrecognised' });
  });

  test('a run of another commit is not what was asked for', async () => {
    world.vendor.shaInput = null;
    const { deploymentId } = await world.click();
    await world.look(deploymentId);
    const [run] = world.vendor.runs;
    if (run) Object.assign(run, { phase: 'done', sha: 'b'.repeat(40) });
    expect(await world.look(deploymentId)).toMatchObject({ status: 'failed', failureCode: 'wrong_commit' });
    expect(await world.current()).toBeNull();
  });

  test('trouble is noted, spaced out and forgotten when it is over', async () => {
    const { deploymentId } = await world.click();
    await world.look(deploymentId);
    world.vendor.readError = new ProviderError('unavailable', 'down', 'It is down.');
    await world.look(deploymentId);
    expect(await world.look(deploymentId)).toMatchObject({
      status: 'building',
      troubleCount: 2,
      troubleSentence: 'It is down.',
    });
    world.vendor.readError = null;
    expect(await world.look(deploymentId)).toMatchObject({
      status: 'building',
      troubleCount: 0,
      troubleSentence: null,
    });
  });

  test('a deadline ends what nobody finishes', async () => {
    const { deploymentId } = await world.click();
    await world.look(deploymentId);
    await world.passTime(3 * 3600);
    expect(await world.look(deploymentId)).toMatchObject({ status: 'timed_out', failureCode: 'deadline' });
  });
});

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
    const failed = await deployed('failed');
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
    const failed = await deployed('failed');
    world.vendor.answers = ['accepted-then-lost'];
    const again = await retryDeployment(world.as('operator'), { deploymentId: failed });
    await world.look(again.deploymentId);
    expect(await world.look(again.deploymentId)).toMatchObject({ status: 'building', remoteAttempt: 2 });
    expect(world.vendor.runs).toMatchObject([{ attempt: 2 }]);
  });

  test('a roll-back pins the target with name and reason until somebody lifts it', async () => {
    const good = await deployed('done');
    const bad = await deployed('done', { inputs: { level: 'debug' } });
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

  test('a connection without a credential says where to enter one', async () => {
    await world.database.db.execute(sql`update connections set sealed_credential = null`);
    await expect(world.click()).rejects.toMatchObject({
      code: 'no_credential',
      sentence: expect.stringContaining('Connections'),
    });
  });
});
