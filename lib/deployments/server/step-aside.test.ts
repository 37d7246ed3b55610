import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { endFreeze } from '@/lib/gates/server';
import { ProviderError } from '@/lib/providers/port';
import { waitingForLocks } from '../testing/commit-order';
import { type GateWorld, gateWorld } from '../testing/gate-world';
import { overrideFreeze, reject, retryDeployment, triggerDeployment } from './index';
import { adopt } from './look-first';

const [OLD, MID, NEW] = ['1', '2', '3'].map((digit) => digit.repeat(40)) as [string, string, string];

let world: GateWorld;
beforeEach(async () => {
  world = await gateWorld();
  world.vendor.history = [OLD, MID, NEW];
});
afterEach(() => world.close());

describe('what cannot go does not keep others from going', () => {
  test('an override for a freeze that is over does not stand before one for the freeze that holds', async () => {
    const first = await world.click();
    const over = await world.freeze('staging');
    await overrideFreeze(world.as('admin'), { deploymentId: first.deploymentId, reason: 'The notice is wrong' });
    await endFreeze(world.as('admin'), { freezeId: over, reason: 'Over' });
    await world.freeze('staging');
    const second = await triggerDeployment(world.as('admin'), {
      targetId: 'tgt_staging',
      revision: { ref: 'main', refKind: 'branch', sha: world.vendor.head },
      inputs: { level: 'debug' },
      idempotencyKey: 'key-override-1',
      freezeOverrideReason: 'The notice is still wrong',
    });
    expect((await world.look(first.deploymentId)).waitingFor).toMatch(/^Frozen/);
    expect((await world.look(second.deploymentId)).status).toBe('building');
  });

  test('a checklist that was set since, while nobody ticks it', async () => {
    const first = await world.click();
    await world.policy('staging', { checklist: ['Backup taken'] });
    const second = await world.click({ inputs: { level: 'debug' }, checklist: ['Backup taken'] });
    world.woken.length = 0;
    expect((await world.look(first.deploymentId)).waitingFor).toMatch(/^The checklist of staging has 1 open item/);
    expect(world.woken, 'its turn, in the same commit').toContain(second.deploymentId);
    expect((await world.look(second.deploymentId)).status).toBe('building');
    const run = world.vendor.runs.at(-1) ?? expect.fail('no run');
    run.phase = 'done';
    await world.look(second.deploymentId);
    await world.policy('staging', { checklist: [] });
    expect(await world.look(first.deploymentId), 'nothing is dropped').toMatchObject({
      status: 'building',
      failureCode: null,
    });
  });

  test('checks that failed; green again it is first again', async () => {
    await world.policy('staging', { checks: 'success' });
    const first = await world.click({ sha: MID });
    const second = await world.click({ sha: NEW, inputs: { level: 'debug' } });
    world.vendor.checks[MID] = 'failure';
    expect((await world.look(second.deploymentId)).waitingFor).toBe(
      `#${first.number} was asked for earlier; it goes first.`,
    );
    await world.look(first.deploymentId);
    const lock = await world.lock({ environment: 'staging' });
    await world.look(first.deploymentId);
    expect((await world.row(first.deploymentId)).failureCode, 'a lock says nothing about checks').toBe('checks_failed');
    await world.database.pool.query(`update pins set lifted_at = now() where id = '${lock}'`);
    world.vendor.checks[MID] = 'success';
    expect((await world.look(first.deploymentId)).status).toBe('building');
    expect((await world.look(second.deploymentId)).waitingFor).toMatch(/is on this target; it goes first\.$/);
  });

  test('a newer one goes while the checks of the first are red', async () => {
    await world.policy('staging', { checks: 'success' });
    const first = await world.click({ sha: MID });
    const second = await world.click({ sha: NEW, inputs: { level: 'debug' } });
    world.vendor.checks[MID] = 'failure';
    await world.look(first.deploymentId);
    expect((await world.look(second.deploymentId)).status).toBe('building');
  });
});

describe('what the provider cannot be asked about', () => {
  const anotherConnection = `insert into connections (id, name, provider_id, origin, credential_kind, sealed_credential, state)
    select 'con_2', 'Another', provider_id, origin, credential_kind, sealed_credential, state from connections where id = 'con_1';
    update targets set connection_id = 'con_2' where id = 'tgt_staging'`;
  const debug = { level: 'debug' };
  const looks = async (id: string, times: number) => {
    for (let look = 0; look < times; look++) await world.look(id);
    return world.row(id);
  };
  beforeEach(() => world.policy('staging', { checks: 'success' }));

  test.each(['notFound', 'rejected'] as const)(
    'for itself alone (%s) lets others go after three looks, and goes once it can be asked about',
    async (kind) => {
      const first = await world.click({ sha: NEW });
      const second = await world.click({ sha: MID, inputs: debug });
      const source = world.vendor.provider.methods.source ?? expect.fail('no source');
      const { commit } = source;
      source.commit = async (c, config, sha) => {
        if (sha === NEW) throw new ProviderError(kind, 'no_commit', 'It shows no such commit.');
        return commit(c, config, sha);
      };
      expect(await looks(first.deploymentId, 2)).toMatchObject({ failureCode: null, troubleCount: 2 });
      expect((await world.look(second.deploymentId)).waitingFor).toMatch(/it goes first\.$/);
      world.woken.length = 0;
      expect((await world.look(first.deploymentId)).failureCode).toBe('no_commit');
      expect(world.woken, 'its turn, in the same commit').toContain(second.deploymentId);
      expect((await world.look(second.deploymentId)).status).toBe('building');
      const run = world.vendor.runs.at(-1) ?? expect.fail('no run');
      run.phase = 'done';
      await world.look(second.deploymentId);
      source.commit = commit;
      expect(await world.look(first.deploymentId)).toMatchObject({ status: 'building', failureCode: null });
    },
  );

  test('because a credential is refused keeps its place, until the target has another connection', async () => {
    const first = await world.click({ sha: MID });
    const open = world.engine.openConnection;
    const refused = new ProviderError('auth', 'bad_token', 'The token is refused.');
    world.engine.openConnection = (id) => (id === 'con_1' ? Promise.reject(refused) : open(id));
    expect(await looks(first.deploymentId, 4)).toMatchObject({ status: 'queued', failureCode: null });
    await world.database.pool.query(anotherConnection);
    const second = await world.click({ sha: NEW, inputs: debug });
    expect((await world.look(second.deploymentId)).waitingFor).toMatch(/it goes first\.$/);
    expect((await world.look(first.deploymentId)).failureCode).toBe('bad_token');
    expect((await world.look(second.deploymentId)).status).toBe('building');
  });

  test('is said no longer than it is so: not beside the lock that it waits for now', async () => {
    const { deploymentId } = await world.click();
    const open = world.engine.openConnection;
    world.engine.openConnection = () => Promise.reject(new ProviderError('auth', 'bad_token', 'The token is refused.'));
    expect(await looks(deploymentId, 3)).toMatchObject({ troubleCount: 3, troubleSentence: 'The token is refused.' });
    world.engine.openConnection = open;
    await world.lock({ environment: 'staging' });
    expect(await world.look(deploymentId)).toMatchObject({
      ...{ troubleCount: 0, troubleSentence: null, waitingFor: expect.stringMatching(/Audit week/) },
    });
  });
});

test('checks that still run end by themselves: nothing overtakes what waits for them', async () => {
  await world.policy('staging', { checks: 'success' });
  const first = await world.click({ sha: MID });
  const second = await world.click({ sha: NEW, inputs: { level: 'debug' } });
  world.vendor.checks[MID] = 'pending';
  expect(await world.look(first.deploymentId)).toMatchObject({
    failureCode: null,
    waitingFor: expect.stringMatching(/^Checks of this commit have not finished/),
  });
  expect((await world.look(second.deploymentId)).waitingFor).toBe(
    `#${first.number} was asked for earlier; it goes first.`,
  );
});

describe('a newer request takes the place of older ones', () => {
  test('only when nobody can refuse it any more: with its last approval', async () => {
    const ben = await world.person('ben');
    await world.policy('staging', { approvals: 1 });
    const approved = await world.click({ sha: MID });
    await world.approveAs(ben, approved.deploymentId);
    const newer = await world.click({ sha: NEW });
    expect((await world.row(approved.deploymentId)).status).toBe('queued');
    await world.approveAs(ben, newer.deploymentId);
    expect(await world.row(approved.deploymentId)).toMatchObject({
      status: 'superseded',
      supersededById: newer.deploymentId,
    });
  });

  test('and a refused one leaves what is approved in its place', async () => {
    const ben = await world.person('ben');
    await world.policy('staging', { approvals: 1 });
    const approved = await world.click({ sha: MID });
    await world.approveAs(ben, approved.deploymentId);
    const { deploymentId } = await world.click({ sha: NEW });
    const { approvalDigest } = await world.row(deploymentId);
    await reject(ben, { deploymentId, digest: approvalDigest ?? '', reason: 'Not today' });
    expect((await world.look(approved.deploymentId)).status).toBe('building');
  });

  test('not of one with other settings', async () => {
    const older = await world.click({ sha: MID });
    await world.database.pool.query(`update targets set config = '{"repository":"acme/other"}'`);
    await world.click({ sha: NEW });
    expect((await world.row(older.deploymentId)).status).toBe('queued');
  });
});

test('a re-run that people refused does not bar another one', async () => {
  const ben = await world.person('ben');
  const failed = await world.deployed('failed', { sha: OLD });
  await world.policy('staging', { approvals: 1 });
  const ask = () => retryDeployment(world.as('operator'), { deploymentId: failed });
  const first = await ask();
  expect((await ask()).outcome, 'a double click').toBe('repeated');
  const { approvalDigest } = await world.row(first.deploymentId);
  await reject(ben, { deploymentId: first.deploymentId, digest: approvalDigest ?? '', reason: 'Not today' });
  const second = await ask();
  expect(second.outcome).toBe('created');
  expect(second.deploymentId).not.toBe(first.deploymentId);
  expect(await ask()).toMatchObject({ deploymentId: second.deploymentId, outcome: 'repeated' });
});

test('a change of policy wakes everything once, in the one order', async () => {
  const ids: string[] = [];
  for (const level of ['info', 'debug']) ids.push((await world.click({ inputs: { level } })).deploymentId);
  await world.policy('staging', { approvals: 1 });
  world.woken.length = 0;
  await world.policy('staging', { approvals: 0 });
  expect(world.woken).toEqual([...new Set(ids)].sort());
});

test('who follows a found run takes the target before the deployment, like everybody else', async () => {
  const { deploymentId } = await world.click();
  const row = await world.row(deploymentId);
  const holder = await world.database.pool.connect();
  const other = await world.database.pool.connect();
  try {
    await holder.query(`begin; select from targets where id = 'tgt_staging' for update`);
    const adopting = adopt(world.engine, row, { number: 1, ref: { id: '1000', attempt: 1, url: '' } });
    await expect.poll(() => waitingForLocks(world), { timeout: 5_000 }).not.toEqual([]);
    await other.query(`begin; select from deployments where id = '${deploymentId}' for update nowait; rollback`);
    await holder.query('commit');
    expect(await adopting).toBe('followed');
  } finally {
    other.release();
    holder.release();
  }
});
