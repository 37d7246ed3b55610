import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type GateWorld, gateWorld } from '../testing/gate-world';
import { readApproval, readDeployment, redeploy } from './index';

/** Wherever the checks of a commit are asked for a policy, they are asked for by the names that it gives. */

const sha = '1'.repeat(40);
const NAMES = ['unit', 'e2e'];
let world: GateWorld;
beforeEach(async () => {
  world = await gateWorld();
  world.vendor.history = [sha];
});
afterEach(() => world.close());

const refusedWith = (code: string) => expect.objectContaining({ code });
const asked = () => world.vendor.askedChecks.splice(0);

/** The policy becomes another while its answer to the next question about checks is on its way: fine by the old names only. */
function whileAsked(names: string[]) {
  const source = world.vendor.provider.methods.source ?? expect.fail('no source');
  const { commit } = source;
  source.commit = async (...args) => {
    source.commit = commit;
    const answer = await commit(...args);
    await world.policy('staging', { checks: 'success', requiredChecks: names });
    world.vendor.checks[sha] = 'failure';
    return answer;
  };
}

test('by the press, the approval page, the worker and “Deploy again”', async () => {
  const ben = await world.person('ben');
  await world.policy('staging', { approvals: 1, checks: 'success', requiredChecks: NAMES });
  const { deploymentId } = await world.click({ sha });
  expect(asked(), 'the press').toEqual([NAMES]);
  await readApproval(ben, { deploymentId });
  expect(asked(), 'the approval page').toContainEqual(NAMES);
  await world.approveAs(ben, deploymentId);
  asked();
  await world.look(deploymentId);
  expect(asked(), 'the worker').toEqual([NAMES]);
  Object.assign(world.vendor.runs.at(-1) ?? {}, { phase: 'failed' });
  await world.look(deploymentId);
  asked();
  await readDeployment(world.as('operator'), { deploymentId });
  await redeploy(world.as('operator'), { deploymentId, idempotencyKey: 'key-named-again' });
  const again = asked();
  expect(again.length).toBeGreaterThanOrEqual(2);
  expect(again).toEqual(again.map(() => NAMES));
});

test('a policy that is not about checks has no names of them, and no name twice', async () => {
  const set = (requiredChecks: string[], checks: 'ignore' | 'success') =>
    expect(world.policy('staging', { checks, requiredChecks })).rejects;
  await set(['unit'], 'ignore').toEqual(refusedWith('names_without_checks'));
  await set(['unit', 'unit'], 'success').toEqual(refusedWith('named_twice'));
});

describe('names that became others while the provider was asked', () => {
  test('are asked for anew before anything is sent', async () => {
    await world.policy('staging', { checks: 'success', requiredChecks: ['lint'] });
    const { deploymentId } = await world.click({ sha });
    asked();
    whileAsked(['unit']);
    expect((await world.look(deploymentId)).waitingFor).toMatch(/^Checks failed on this commit/);
    expect(asked()).toEqual([['lint'], ['unit']]);
    expect(world.vendor.requests).toBe(0);
  });

  test('open no press, which then takes nobody’s place either', async () => {
    const older = '0'.repeat(40);
    world.vendor.history = [older, sha];
    await world.policy('staging', { checks: 'success', requiredChecks: ['lint'] });
    const first = await world.click({ sha: older });
    whileAsked(['unit']);
    const second = await world.click({ sha });
    expect((await world.row(first.deploymentId)).status).toBe('queued');
    expect((await world.look(first.deploymentId)).status).toBe('building');
    Object.assign(world.vendor.runs.at(-1) ?? {}, { phase: 'done' });
    await world.look(first.deploymentId);
    expect((await world.look(second.deploymentId)).waitingFor).toMatch(/^Checks failed on this commit/);
  });
});
