import { afterEach, beforeEach, expect, test } from 'vitest';
import { type GateWorld, gateWorld } from '../testing/gate-world';
import { readApproval, readDeployment, tickChecklist } from './index';

let world: GateWorld;
beforeEach(async () => {
  world = await gateWorld();
});
afterEach(() => world.close());

const tick = (deploymentId: string, items: string[], who = world.as('operator')) =>
  tickChecklist(who, { deploymentId, items });
const refusedWith = (code: string) => expect.objectContaining({ code });

test('a checklist that was set while it waited can be ticked by whoever may deploy there; then it goes', async () => {
  const { deploymentId } = await world.click();
  await world.policy('staging', { checklist: ['Backup taken', 'Team told'] });
  expect(await world.look(deploymentId)).toMatchObject({ status: 'queued', failureCode: 'checklist_open' });
  await expect(tick(deploymentId, ['Team told'], world.as('approver'))).rejects.toEqual(refusedWith('forbidden'));
  await expect(tick(deploymentId, ['Coffee made'])).rejects.toEqual(refusedWith('not_on_checklist'));
  expect(await tick(deploymentId, ['Backup taken'])).toEqual({ open: 1 });
  expect((await world.look(deploymentId)).failureCode, 'one is open').toBe('checklist_open');
  const page = await readDeployment(world.as('operator'), { deploymentId });
  expect(page.actions.tick.allowed).toBe(true);
  expect(page.checklist.map((each) => each.ticked)).toEqual([true, false]);
  world.woken.length = 0;
  expect(await tick(deploymentId, ['Backup taken', 'Team told'])).toEqual({ open: 0 });
  expect(world.woken).toContain(deploymentId);
  expect((await world.row(deploymentId)).failureCode, 'it has its place again').toBeNull();
  expect(await tick(deploymentId, ['Team told']), 'a double click').toEqual({ open: 0 });
  expect((await world.look(deploymentId)).status).toBe('building');
  await expect(tick(deploymentId, ['Team told'])).rejects.toEqual(refusedWith('not_waiting'));
  expect(await world.audits('deployment.tick')).toMatchObject([
    { actorName: 'operator', environment: 'staging', data: { items: ['Backup taken'], open: 1 } },
    { data: { items: ['Team told'], open: 0 } },
  ]);
  expect((await world.timeline(deploymentId)).filter((kind) => kind === 'ticked')).toHaveLength(2);
});

test('a tick changes nothing of what is approved: what people said stands, and so does their time', async () => {
  const [ben, cleo] = [await world.person('ben'), await world.person('cleo')];
  const { deploymentId } = await world.click();
  await world.policy('staging', { approvals: 2, checklist: ['Backup taken'] });
  await world.approveAs(ben, deploymentId);
  const before = await world.row(deploymentId);
  await tick(deploymentId, ['Backup taken']);
  const { approvalDigest, deadlineAt, checklist } = await world.row(deploymentId);
  expect({ approvalDigest, deadlineAt }).toEqual({
    approvalDigest: before.approvalDigest,
    deadlineAt: before.deadlineAt,
  });
  expect(checklist).toEqual(['Backup taken']);
  expect(await world.standing(deploymentId)).toHaveLength(1);
  const packet = await readApproval(cleo, { deploymentId });
  expect(packet.checklist).toEqual([{ item: 'Backup taken', ticked: true }]);
  await world.approveAs(cleo, deploymentId);
  expect((await world.look(deploymentId)).status).toBe('building');
});

test('what is ticked at a press for the same counts for what waits, in the name of who pressed', async () => {
  const { deploymentId } = await world.click();
  await world.policy('staging', { checklist: ['Backup taken', 'Team told'] });
  expect((await world.look(deploymentId)).failureCode).toBe('checklist_open');
  await tick(deploymentId, ['Team told']);
  const ben = await world.person('ben', 'operator');
  const again = () => world.click({ who: ben, checklist: ['Backup taken', 'Team told'] });
  expect(await again()).toMatchObject({ deploymentId, outcome: 'joined' });
  expect((await world.row(deploymentId)).checklist).toEqual(['Team told', 'Backup taken']);
  expect((await world.look(deploymentId)).status).toBe('building');
  await again();
  expect(await world.audits('deployment.tick')).toMatchObject([
    { actorName: 'operator', data: { items: ['Team told'], open: 1 } },
    { actorName: 'ben', data: { items: ['Backup taken'], open: 0 } },
  ]);
});
