import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type GateWorld, gateWorld } from '../testing/gate-world';
import { cancelDeployment, rollBack } from './index';

const [OLD, MID, NEW] = ['1', '2', '3'].map((digit) => digit.repeat(40)) as [string, string, string];

let world: GateWorld;
beforeEach(async () => {
  world = await gateWorld();
  world.vendor.history = [OLD, MID, NEW];
});
afterEach(() => world.close());

const refusedWith = (code: string) => expect.objectContaining({ code });
const goBack = (toDeploymentId: string, key = 'key-back-1') =>
  rollBack(world.as('operator'), {
    targetId: 'tgt_staging',
    toDeploymentId,
    reason: 'Errors went up',
    idempotencyKey: key,
  });
const end = async (id: string, phase: 'done' | 'failed' = 'done') => {
  const run = world.vendor.runs.at(-1) ?? expect.fail('no run');
  run.phase = phase;
  return world.look(id);
};

describe('order and soak', () => {
  const rule = { afterEnvironmentId: 'env_staging', soakMinutes: 60 };
  const click = (sha: string) => world.click({ target: 'production', sha });
  const livedFor = (id: string, minutes: number) =>
    world.database.pool.query(
      'update deployments set finished_at = finished_at - make_interval(mins => $2) where id = $1',
      [id, minutes],
    );

  test('let a commit into production when it has lived in staging long enough', async () => {
    await world.policy('production', rule);
    await expect(click(MID)).rejects.toEqual(refusedWith('order_unmet'));
    await world.deployed('done', { sha: MID });
    const { deploymentId } = await click(MID);
    const held = await world.look(deploymentId);
    expect(held.status).toBe('queued');
    expect(held.waitingFor).toMatch(/^It has to be live in staging for 60 minutes first; it goes on by itself at/);
    await world.database.pool.query(
      `update deployments set finished_at = finished_at - interval '1 hour' where finished_at is not null`,
    );
    expect((await world.look(deploymentId)).status).toBe('building');
  });

  test('keep a newer one waiting without taking the turn of an older one, however often somebody presses', async () => {
    await world.policy('production', rule);
    const proofs = {
      mid: await world.deployed('done', { sha: MID }),
      next: await world.deployed('done', { sha: NEW }),
    };
    await livedFor(proofs.mid, 59);
    const first = await click(MID);
    expect((await world.look(first.deploymentId)).status).toBe('queued');
    const second = await click(NEW);
    expect(await world.row(first.deploymentId), 'it has a minute left').toMatchObject({ status: 'queued' });
    await livedFor(proofs.mid, 1);
    expect((await world.look(first.deploymentId)).status).toBe('building');
    await end(first.deploymentId);
    expect((await world.look(second.deploymentId)).waitingFor).toMatch(/^It has to be live in staging for 60 minutes/);
    await livedFor(proofs.next, 60);
    expect((await world.look(second.deploymentId)).status).toBe('building');
  });

  test('say to a newer one that has soaked and replaces nothing which one it waits for, and until when', async () => {
    await world.policy('production', rule);
    const proofs = {
      mid: await world.deployed('done', { sha: MID }),
      next: await world.deployed('done', { sha: NEW }),
    };
    await livedFor(proofs.mid, 30);
    await livedFor(proofs.next, 60);
    const first = await click(MID);
    const { waitingFor } = await world.look(first.deploymentId);
    const until = /at (\S+ \S+ UTC)\.$/.exec(waitingFor ?? '')?.[1];
    // Other settings: it is not the same thing anew.
    await world.database.pool.query(`update targets set config = '{"repository":"acme/other"}'`);
    const second = await click(NEW);
    expect((await world.look(second.deploymentId)).waitingFor).toBe(
      `#${first.number} was asked for earlier; it goes first. It soaks until ${until}.`,
    );
    await livedFor(proofs.mid, 30);
    expect((await world.look(second.deploymentId)).waitingFor).toMatch(/it goes first\.$/);
    expect((await world.look(first.deploymentId)).status).toBe('building');
  });

  test('let a newer one that has soaked take the place of an older one that nobody looked at since', async () => {
    await world.policy('production', rule);
    const proofs = [await world.deployed('done', { sha: MID }), await world.deployed('done', { sha: NEW })];
    const first = await click(MID);
    for (const proof of proofs) await livedFor(proof, 60);
    const second = await click(NEW);
    expect(await world.row(first.deploymentId)).toMatchObject({
      status: 'superseded',
      supersededById: second.deploymentId,
    });
  });

  test('are asked with the last approval, too: what still soaks replaces nothing', async () => {
    const ben = await world.person('ben');
    await world.policy('production', { ...rule, approvals: 1 });
    const proof = await world.deployed('done', { sha: MID });
    await world.deployed('done', { sha: NEW });
    const [first, second] = [await click(MID), await click(NEW)];
    await livedFor(proof, 59);
    await world.approveAs(ben, first.deploymentId);
    await world.approveAs(ben, second.deploymentId);
    expect((await world.row(first.deploymentId)).status).toBe('queued');
    await livedFor(proof, 1);
    expect((await world.look(first.deploymentId)).status).toBe('building');
  });

  test('take the proof away with a roll-back to before it, and give it to what is older than that', async () => {
    await world.policy('production', { afterEnvironmentId: 'env_staging' });
    const first = await world.deployed('done', { sha: OLD });
    const second = await world.deployed('done', { sha: MID });
    await world.deployed('done', { sha: NEW });
    const waiting = await click(NEW);
    await goBack(second);
    expect((await world.look(waiting.deploymentId)).waitingFor).toMatch(/^This commit is not proven in staging/);
    await expect(world.click({ target: 'production', sha: NEW, inputs: { level: 'debug' } })).rejects.toEqual(
      refusedWith('order_unmet'),
    );
    await cancelDeployment(world.as('operator'), { deploymentId: waiting.deploymentId });
    expect((await click(OLD)).outcome).toBe('created');
    expect(first).not.toBe(second);
  });

  test('do not apply where the component is not in the first environment, nor to a roll-back', async () => {
    await world.policy('production', rule);
    await world.database.pool.query(
      `insert into components (id, slug, name, kind) values ('cmp_docs', 'docs', 'Docs', 'docs')`,
    );
    await world.database.pool.query(`update targets set component_id = 'cmp_docs' where id = 'tgt_staging'`);
    const { deploymentId } = await click(OLD);
    expect((await world.look(deploymentId)).status).toBe('building');
  });

  test('refuse rings and a soak without an order', async () => {
    await world.policy('production', rule);
    await expect(world.policy('staging', { afterEnvironmentId: 'env_production' })).rejects.toEqual(
      refusedWith('order_ring'),
    );
    await expect(world.policy('staging', { soakMinutes: 5 })).rejects.toEqual(refusedWith('soak_without_order'));
    await expect(world.policy('staging', { afterEnvironmentId: 'env_gone' })).rejects.toEqual(
      refusedWith('environment_not_found'),
    );
  });
});
