import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ProviderError } from '@/lib/providers/port';
import { type EngineWorld, engineWorld } from '../testing/engine-world';
import { claim } from './claim';
import { resolveUnknown, sweep } from './index';
import { submit } from './submit';

let world: EngineWorld;
beforeEach(async () => {
  world = await engineWorld();
});
afterEach(() => world.close());

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
    for (const event of timeline.slice(1))
      expect(await world.audits(`deployment.${event}`)).toMatchObject([{ environment: 'staging' }]);
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

  test('what a person wants sent again is looked for first: a run that was listed meanwhile is adopted', async () => {
    world.vendor.answers = ['accepted-then-lost'];
    world.vendor.listable = false;
    const { deploymentId } = await world.click({ target: 'production' });
    await world.look(deploymentId);
    await world.passTime(600);
    await world.look(deploymentId);
    world.vendor.listable = true;
    await resolveUnknown(world.as('operator'), { deploymentId, decision: 'send_again', reason: 'I saw none.' });
    expect(await world.row(deploymentId)).toMatchObject({ status: 'building', remoteId: '1000' });
    expect(world.vendor.runs).toHaveLength(1);
  });

  test('a person cannot name a run that belongs to another deployment', async () => {
    await world.deployed('done');
    world.vendor.answers = ['lost'];
    world.vendor.findable = false;
    const { deploymentId } = await world.click({ target: 'production' });
    await world.look(deploymentId);
    await world.look(deploymentId);
    const adopt = { deploymentId, decision: 'adopt', remoteId: '1000', reason: 'This one.' } as const;
    await expect(resolveUnknown(world.as('operator'), adopt)).rejects.toMatchObject({ code: 'run_taken' });
    expect((await world.row(deploymentId)).status).toBe('submitting');
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
    expect(await world.audits('deployment.resolve.adopt')).toEqual([]);
    await resolveUnknown(world.as('operator'), {
      deploymentId,
      decision: 'adopt',
      remoteId: '1000',
      reason: 'This one.',
    });
    expect(await world.row(deploymentId)).toMatchObject({ status: 'building', remoteId: '1000' });
  });
});

describe('a request that is late', () => {
  test('is not sent any more when the lease no longer covers it, and a later attempt sends it once', async () => {
    const { deploymentId } = await world.click();
    const sent = vi.spyOn(globalThis, 'fetch').mockImplementation(async () => new Response('{}'));
    const deploy = world.vendor.provider.methods.deploy ?? expect.fail('no deploy');
    const { trigger } = deploy;
    deploy.trigger = async (c) => {
      await c.fetch('https://scripted.test/branch');
      vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 16_000);
      await c.fetch('https://scripted.test/dispatch', { method: 'POST' });
      return null;
    };
    await world.look(deploymentId).finally(() => vi.restoreAllMocks());
    expect(sent.mock.calls.filter(([, init]) => init?.method === 'POST')).toEqual([]);
    expect(await world.attemptsOf(deploymentId)).toMatchObject([{ state: 'refused', error: 'out_of_time' }]);
    deploy.trigger = trigger;
    await world.passTime(60);
    expect((await world.look(deploymentId)).status).toBe('building');
    expect(world.vendor.runs).toHaveLength(1);
  });

  test('from a process that stood still for minutes: the second run is called off, and everybody can read so', async () => {
    const { deploymentId } = await world.click();
    const stood = await claimed(deploymentId);
    await world.passTime(120);
    expect(await world.look(deploymentId)).toMatchObject({ status: 'building', remoteId: '1000' });
    await submit(world.engine, { ...stood, sendBy: Number.POSITIVE_INFINITY });
    expect(world.vendor.runs).toMatchObject([{ phase: 'queued' }, { phase: 'cancelled' }]);
    expect(await world.row(deploymentId)).toMatchObject({ status: 'building', remoteId: '1000' });
    expect(await world.timeline(deploymentId)).toContain('second_run');
    expect(await world.audits('deployment.second_run')).toMatchObject([{ environment: 'staging', outcome: 'failed' }]);
  });

  test('may start its run late: absence is proven from the end of the sending, not from its plan', async () => {
    world.vendor.answers = ['accepted-then-lost'];
    world.vendor.listable = false;
    const { deploymentId } = await world.click();
    await world.look(deploymentId);
    await world.database.db.execute(sql`update attempts set sent_at = sent_at - interval '61 seconds'`);
    await world.look(deploymentId);
    expect(world.vendor.requests).toBe(1);
  });
});

async function claimed(deploymentId: string) {
  const turn = await claim(world.engine, await world.row(deploymentId), null);
  return turn.kind === 'claimed' ? turn.claimed : expect.fail('not claimed');
}

describe('a process that dies', () => {
  test('between the attempt and the request: nothing happens within the lease, then absence is proven and it is sent', async () => {
    const { deploymentId } = await world.click();
    await claimed(deploymentId);
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
