import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ServiceContext } from '@/lib/auth/context';
import { deployments } from '@/lib/db/schema';
import { type GateWorld, gateWorld } from '../testing/gate-world';
import { advance, readDeployment, resolveUnknown, seekLateRuns } from './index';

let world: GateWorld;
beforeEach(async () => {
  world = await gateWorld();
});
afterEach(() => world.close());

/** The same, but something happens right before the first transaction: after everything was read, before anything is locked. */
function overtaken(ctx: ServiceContext, before: () => Promise<unknown>): ServiceContext {
  let meanwhile: (() => Promise<unknown>) | null = before;
  const transaction: typeof ctx.db.transaction = async (...work) => {
    const now = meanwhile;
    meanwhile = null;
    await now?.();
    return ctx.db.transaction(...work);
  };
  const db = new Proxy(ctx.db, {
    get: (of, key) => (key === 'transaction' ? transaction : Reflect.get(of, key)),
  });
  return { ...ctx, db };
}

/** On production, accepted without an answer and not listed yet: a person is asked. */
async function asked(): Promise<string> {
  world.vendor.answers = ['accepted-then-lost'];
  world.vendor.listable = false;
  const { deploymentId } = await world.click({ target: 'production' });
  await world.look(deploymentId);
  await world.passTime(600);
  expect((await world.look(deploymentId)).attention).toBe('unknown_outcome');
  return deploymentId;
}
const decide = (who: ServiceContext, deploymentId: string, decision: 'send_again' | 'adopt' | 'give_up') =>
  resolveUnknown(who, { deploymentId, decision, remoteId: '1000', reason: 'I looked.' });
const giveUp = (deploymentId: string) => decide(world.as('operator', 'bob'), deploymentId, 'give_up');
const refusedWith = (sentence: RegExp) => ({
  kind: 'precondition',
  code: 'not_unknown',
  sentence: expect.stringMatching(sentence),
});

/** Ended as given up; its run is known all the same, and told once. */
async function expectLate(deploymentId: string): Promise<void> {
  expect(await readDeployment(world.as('operator'), { deploymentId })).toMatchObject({
    status: 'errored',
    lateRun: { runId: '1000', url: 'https://scripted.test/runs/1000', cancel: { allowed: true } },
  });
  expect(await seekLateRuns(world.engine), 'it needs not be looked for').toBe(0);
  expect(await world.audits('deployment.late_run')).toHaveLength(1);
  expect(world.vendor.cancels, 'nothing is stopped by itself').toBe(0);
}

test('a run that somebody names is not followed once another one’s word has it sent again', async () => {
  const deploymentId = await asked();
  world.vendor.answers = ['accepted-then-lost'];
  const again = () => decide(world.as('operator', 'ana'), deploymentId, 'send_again');
  const bob = overtaken(world.as('operator', 'bob'), again);
  const refusal = refusedWith(/settled meanwhile and is on its way.* Run 1000 is not followed: cancel it/);
  await expect(decide(bob, deploymentId, 'adopt')).rejects.toMatchObject(refusal);
  expect(await world.audits('deployment.resolve.send_again')).toHaveLength(1);
  expect(await world.audits('deployment.resolve.adopt')).toEqual([]);
});

test('a run whose answer comes after somebody gave its deployment up is told as a late run', async () => {
  world.vendor.listable = false;
  const deploy = world.vendor.provider.methods.deploy ?? expect.fail('no deploy');
  const { trigger } = deploy;
  const { deploymentId } = await world.click({ target: 'production' });
  deploy.trigger = async (...request) => {
    await world.passTime(600);
    expect((await world.look(deploymentId)).attention).toBe('unknown_outcome');
    await giveUp(deploymentId);
    return trigger(...request);
  };
  await world.look(deploymentId);
  await expectLate(deploymentId);
});

test('a run that is found while somebody gives its deployment up is told as a late run', async () => {
  const deploymentId = await asked();
  world.vendor.listable = true;
  await advance(
    overtaken(world.engine, () => giveUp(deploymentId)),
    deploymentId,
  );
  await expectLate(deploymentId);
});

test.each(['adopt', 'send_again'] as const)(
  '%s is refused when somebody has given it up meanwhile, and its run is told',
  async (decision) => {
    const deploymentId = await asked();
    world.vendor.listable = true;
    const who = overtaken(world.as('operator'), () => giveUp(deploymentId));
    await expect(decide(who, deploymentId, decision)).rejects.toMatchObject(refusedWith(/has ended meanwhile \(error/));
    expect(await world.audits('deployment.resolve.adopt'), 'nobody says that it is followed').toEqual([]);
    await expectLate(deploymentId);
  },
);

test('a run that has just been found is not given up, and nothing else goes on its target', async () => {
  const deploymentId = await asked();
  world.vendor.listable = true;
  const next = await world.click({ target: 'production', inputs: { level: 'debug' } });
  const who = overtaken(world.as('operator'), () => world.look(deploymentId));
  await expect(decide(who, deploymentId, 'give_up')).rejects.toMatchObject(refusedWith(/Run 1000 .* is followed/));
  expect(await world.row(deploymentId)).toMatchObject({ status: 'building', remoteId: '1000' });
  expect(await world.audits('deployment.resolve.give_up')).toEqual([]);
  expect((await world.look(next.deploymentId)).status).toBe('queued');
  expect(world.vendor.runs).toHaveLength(1);
});

test('what waits in the queue is not given up after somebody else has let it go', async () => {
  const { deploymentId } = await world.click({ target: 'production' });
  const doubt = { lookFirst: true, attention: 'unknown_outcome', attentionSince: new Date() } as const;
  await world.database.db.update(deployments).set(doubt).where(eq(deployments.id, deploymentId));
  const again = () => decide(world.as('operator', 'bob'), deploymentId, 'send_again');
  const who = overtaken(world.as('operator'), again);
  await expect(decide(who, deploymentId, 'give_up')).rejects.toMatchObject(refusedWith(/in the queue/));
  expect((await world.look(deploymentId)).status).toBe('building');
  expect(await world.audits('deployment.resolve.give_up')).toEqual([]);
});

test.each(['adopt', 'give_up', 'send_again'] as const)(
  '%s is not done where it cannot be audited',
  async (decision) => {
    const deploymentId = await asked();
    await world.database.pool.query(`
    create function no_word() returns trigger language plpgsql as $$ begin raise exception 'no audit'; end $$;
    create trigger no_word before insert on audit for each row
      when (new.action like 'deployment.resolve%') execute function no_word()`);
    await expect(decide(world.as('operator'), deploymentId, decision)).rejects.toThrow();
    expect(await world.row(deploymentId)).toMatchObject({ status: 'submitting', remoteId: null });
    expect(world.vendor.requests, 'nothing was sent').toBe(1);
  },
);
