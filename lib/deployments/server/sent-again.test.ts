import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { grants } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { ProviderError } from '@/lib/providers/port';
import { type GateWorld, gateWorld } from '../testing/gate-world';
import type { Answer } from '../testing/scripted-provider';
import { accept } from './accept';
import { cancelDeployment, overrideFreeze, resolveUnknown, rollBack } from './index';

const [OLD, MID, NEW] = ['1', '2', '3'].map((digit) => digit.repeat(40)) as [string, string, string];

let world: GateWorld;
beforeEach(async () => {
  world = await gateWorld();
  world.vendor.history = [OLD, MID, NEW];
});
afterEach(() => world.close());

/** Approved by ben, handed to a provider that was unavailable. */
async function approvedAndRefused(): Promise<string> {
  const ben = await world.person('ben');
  await world.policy('staging', { approvals: 1 });
  const { deploymentId } = await world.click();
  await world.approveAs(ben, deploymentId);
  world.vendor.answers = ['unavailable'];
  expect((await world.look(deploymentId)).status).toBe('submitting');
  await world.passTime(60);
  return deploymentId;
}

describe('a request that did not start is not sent once more', () => {
  test('when whoever approved it has lost the role', async () => {
    const id = await approvedAndRefused();
    await world.database.db.delete(grants).where(eq(grants.userId, 'user_ben'));
    expect((await world.look(id)).status).toBe('awaiting_approval');
    expect(world.vendor.requests).toBe(1);
    expect(await world.timeline(id)).toEqual(expect.arrayContaining(['requeue', 'require_approval']));
  });

  test('when the policy asks for more since; and after the approval its marker is a new one', async () => {
    const id = await approvedAndRefused();
    await world.policy('staging', { approvals: 2 });
    expect((await world.look(id)).status).toBe('awaiting_approval');
    for (const name of ['cleo', 'dana']) await world.approveAs(await world.person(name), id);
    expect((await world.look(id)).status).toBe('building');
    const sent = await world.attemptsOf(id);
    expect(sent.map(({ number, state }) => [number, state])).toEqual([
      [1, 'refused'],
      [2, 'accepted'],
    ]);
    expect(new Set(sent.map((each) => each.marker)).size).toBe(2);
  });

  test('before a roll-back of since then, which goes first', async () => {
    const old = await world.deployed('done', { sha: OLD });
    await world.deployed('done', { sha: MID });
    const { deploymentId: bad } = await world.click({ sha: NEW });
    world.vendor.answers = ['unavailable'];
    await world.look(bad);
    const { deploymentId: back } = await rollBack(world.as('operator'), {
      targetId: 'tgt_staging',
      toDeploymentId: old,
      reason: 'Errors went up',
      idempotencyKey: 'key-back-1',
    });
    await world.passTime(60);
    world.woken.length = 0;
    expect(await world.look(bad)).toMatchObject({ status: 'queued' });
    expect((await world.row(bad)).waitingFor).toMatch(/^Held after a roll-back/);
    expect(world.woken).toContain(back);
    expect((await world.look(back)).status).toBe('building');
    expect(world.vendor.runs.map((run) => run.sha)).toEqual([OLD, MID, OLD]);
  });

  test('when a checklist was set since; with nothing changed it is, without a word', async () => {
    world.vendor.answers = ['unavailable', 'unavailable'];
    const { deploymentId } = await world.click();
    await world.look(deploymentId);
    await world.passTime(60);
    expect((await world.look(deploymentId)).status).toBe('submitting');
    expect(world.vendor.requests).toBe(2);
    expect(await world.timeline(deploymentId)).not.toContain('requeue');
    await world.policy('staging', { checklist: ['Backup taken'] });
    await world.passTime(60);
    expect(await world.look(deploymentId)).toMatchObject({ status: 'queued', failureCode: 'checklist_open' });
    expect(world.vendor.requests).toBe(2);
  });
});

describe('a person who wants it sent again is told that it was not', () => {
  /** Nobody knows whether its run started. */
  async function unknown(answer: Answer = 'lost'): Promise<string> {
    world.vendor.answers = [answer];
    const { deploymentId } = await world.click({ target: 'production' });
    await world.look(deploymentId);
    await world.passTime(600);
    expect((await world.look(deploymentId)).attention).toBe('unknown_outcome');
    return deploymentId;
  }
  const again = (deploymentId: string) =>
    resolveUnknown(world.as('operator'), { deploymentId, decision: 'send_again', reason: 'I saw none.' });
  const sentOnce = async () => {
    expect(world.vendor.requests).toBe(1);
    expect(await world.audits('deployment.resolve.send_again'), 'nothing was done').toEqual([]);
  };

  test('when a gate has closed since: it is back in the queue', async () => {
    const id = await unknown();
    await world.policy('production', { checklist: ['Backup taken'] });
    await expect(again(id)).rejects.toMatchObject({
      kind: 'precondition',
      code: 'gate_closed',
      sentence: expect.stringContaining('back in the queue'),
    });
    expect((await world.row(id)).status).toBe('queued');
    await sentOnce();
  });

  test('when its run is there after all: it is followed, and the audit log says that', async () => {
    world.vendor.listable = false;
    const id = await unknown('accepted-then-lost');
    world.vendor.listable = true;
    await again(id);
    expect(await world.row(id)).toMatchObject({ status: 'building', remoteId: '1000' });
    await sentOnce();
    expect(await world.audits('deployment.resolve.adopt')).toMatchObject([
      { sentence: expect.stringMatching(/run 1000 was there after all.*nothing was sent again/i) },
    ]);
  });

  test('when the provider cannot say how the checks stand', async () => {
    await world.policy('production', { checks: 'success' });
    const id = await unknown();
    const source = world.vendor.provider.methods.source ?? expect.fail('no source');
    source.commit = async () => {
      throw new ProviderError('unavailable', 'unavailable', 'It does not answer.');
    };
    await expect(again(id)).rejects.toMatchObject({
      kind: 'precondition',
      sentence: 'It was not sent. It does not answer.',
    });
    expect((await world.row(id)).attention, 'still to be settled').toBe('unknown_outcome');
    await sentOnce();
  });
});

describe('a run that is listed after its absence seemed proven', () => {
  /** One run exists that nobody saw; its deployment is back in the queue, held by a lock. */
  async function backInQueue() {
    world.vendor.answers = ['accepted-then-lost'];
    world.vendor.listable = false;
    const { deploymentId } = await world.click();
    await world.look(deploymentId);
    await world.lock({ environment: 'staging' });
    await world.passTime(120);
    expect((await world.look(deploymentId)).status).toBe('queued');
    return deploymentId;
  }

  test('is followed from the queue, also under a lock: it runs, whatever holds', async () => {
    const id = await backInQueue();
    world.vendor.listable = true;
    expect(await world.look(id)).toMatchObject({ status: 'building', remoteId: '1000' });
    expect(world.vendor.requests).toBe(1);
  });

  test('without a credential to look with, does not keep the target from others; with one it is followed', async () => {
    const id = await backInQueue();
    await world.database.pool.query('update pins set lifted_at = now()');
    const other = await world.click({ inputs: { level: 'debug' } });
    const { openConnection } = world.engine;
    const gone = new ServiceError('precondition', 'credential_missing', 'It has no credential. Enter one.');
    world.engine.openConnection = () => Promise.reject(gone);
    world.woken.length = 0;
    await world.look(id);
    expect(await world.row(id)).toMatchObject({ status: 'queued', troubleSentence: gone.sentence });
    expect(world.woken, 'its turn, in the same commit').toContain(other.deploymentId);
    world.engine.openConnection = openConnection;
    expect((await world.look(other.deploymentId)).status).toBe('building');
    const run = world.vendor.runs.at(-1) ?? expect.fail('no run');
    run.phase = 'done';
    await world.look(other.deploymentId);
    world.vendor.listable = true;
    expect(await world.look(id)).toMatchObject({ status: 'building', remoteId: '1000', failureCode: null });
  });

  test('cannot be looked for once its workflow is gone: others go first, however long', async () => {
    const id = await backInQueue();
    await world.database.pool.query('update pins set lifted_at = now()');
    const other = await world.click({ inputs: { level: 'debug' } });
    const deploy = world.vendor.provider.methods.deploy ?? expect.fail('no deploy');
    const { findByMarker } = deploy;
    deploy.findByMarker = () => Promise.reject(new ProviderError('notFound', 'no_workflow', 'It shows no workflow.'));
    for (let look = 0; look < 3; look++) await world.look(id);
    expect(await world.row(id)).toMatchObject({ status: 'queued', failureCode: 'no_workflow' });
    deploy.findByMarker = findByMarker;
    expect((await world.look(other.deploymentId)).status).toBe('building');
  });

  test('whose commit is gone lets others go after three looks, although its run can be looked for each time', async () => {
    const id = await backInQueue();
    await world.policy('staging', { checks: 'success' });
    await world.database.pool.query('update pins set lifted_at = now()');
    const source = world.vendor.provider.methods.source ?? expect.fail('no source');
    source.commit = () => Promise.reject(new ProviderError('notFound', 'no_commit', 'It shows no such commit.'));
    for (let look = 0; look < 3; look++) await world.look(id);
    expect(await world.row(id)).toMatchObject({ status: 'queued', failureCode: 'no_commit', troubleCount: 3 });
    await world.look(id);
    expect(await world.row(id), 'and stays aside').toMatchObject({ failureCode: 'no_commit' });
  });

  test('was looked for again: what it stood aside for is over, and it is first again', async () => {
    const id = await backInQueue();
    const { openConnection } = world.engine;
    world.engine.openConnection = () => Promise.reject(new ProviderError('auth', 'bad_token', 'The token is refused.'));
    expect(await world.look(id)).toMatchObject({ failureCode: 'bad_token', troubleCount: 1 });
    world.engine.openConnection = openConnection;
    expect(await world.look(id)).toMatchObject({ failureCode: null, troubleCount: 0, troubleSentence: null });
    await world.database.pool.query('update pins set lifted_at = now()');
    const other = await world.click({ inputs: { level: 'debug' } });
    expect((await world.look(other.deploymentId)).waitingFor).toMatch(/it goes first\.$/);
  });

  test('was let through a freeze while nobody could look for it: with the next look it is in its place again', async () => {
    const id = await backInQueue();
    await world.freeze('staging');
    const { openConnection } = world.engine;
    world.engine.openConnection = () => Promise.reject(new ProviderError('auth', 'bad_token', 'The token is refused.'));
    expect(await world.look(id)).toMatchObject({ failureCode: 'bad_token' });
    await overrideFreeze(world.as('admin'), { deploymentId: id, reason: 'The legal notice is wrong' });
    world.engine.openConnection = openConnection;
    expect(await world.look(id)).toMatchObject({ status: 'queued', failureCode: null });
    expect((await world.row(id)).waitingFor).toMatch(/^Locked by/);
  });

  test('can still be followed: a newer request does not take the place of its deployment', async () => {
    world.vendor.head = MID;
    const id = await backInQueue();
    await world.database.pool.query('update pins set lifted_at = now()');
    await world.click({ sha: NEW });
    expect((await world.row(id)).status).toBe('queued');
    world.vendor.listable = true;
    expect(await world.look(id)).toMatchObject({ status: 'building', remoteId: '1000' });
    expect(world.vendor.requests).toBe(1);
  });

  test('is called off when its deployment was cancelled meanwhile', async () => {
    const id = await backInQueue();
    await cancelDeployment(world.as('operator'), { deploymentId: id });
    const [attempt] = await world.attemptsOf(id);
    const late = { id: '1000', attempt: 1, url: '' };
    expect(await accept(world.engine, id, attempt?.id ?? '', late), 'one too many').toBe('unsent');
    expect((await world.row(id)).remoteId).toBeNull();
  });
});
