import { afterAll, beforeAll, expect, test } from 'vitest';
import { type GateWorld, gateWorld } from '../testing/gate-world';
import { liftPin, redeploy, rollBack } from './index';

const [OLD, NEW] = ['1', '2'].map((digit) => digit.repeat(40)) as [string, string];

let world: GateWorld;
beforeAll(async () => {
  world = await gateWorld();
  world.vendor.history = [OLD, NEW];
});
afterAll(() => world.close());

test('what was gone back from while it waited is not deployed again, where no host can be asked what it serves either', async () => {
  const ben = await world.person('ben');
  const toDeploymentId = await world.deployed('done', { sha: OLD });
  const live = await world.deployed('done', { sha: NEW });
  await world.policy('staging', { approvals: 1 });
  const again = { deploymentId: live, whileLive: true, idempotencyKey: 'key-of-once-more' };
  const { deploymentId } = await redeploy(world.as('operator'), again);
  await world.policy('staging', {});
  const back = { targetId: 'tgt_staging', toDeploymentId, reason: 'Errors', idempotencyKey: 'key-of-the-way-back' };
  const gone = await rollBack(world.as('operator'), back);
  await world.look(gone.deploymentId);
  for (const run of world.vendor.runs) run.phase = 'done';
  await world.look(gone.deploymentId);
  expect(await world.current()).toBe(gone.deploymentId);
  for (const { id } of await world.pins()) await liftPin(world.as('operator'), { pinId: id, reason: 'Mended' });
  const requests = world.vendor.requests;
  await world.approveAs(ben, deploymentId).catch(() => undefined);
  await world.look(deploymentId);
  expect(await world.look(deploymentId)).toMatchObject({
    ...{ status: 'superseded', failureCode: 'moved_on', supersededById: gone.deploymentId, remoteId: null },
  });
  expect(world.vendor.requests, 'nothing was sent').toBe(requests);
});
