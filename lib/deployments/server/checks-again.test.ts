import { afterEach, beforeEach, expect, test } from 'vitest';
import { type GateWorld, gateWorld } from '../testing/gate-world';
import { readDeployment, readRollBack, redeploy, retryDeployment, rollBack } from './index';
import { readAgain } from './read-again';
import { loadTarget } from './read-scope';

/** CI of a commit may turn red after it went live: what of it counts for what is asked for once more. */

const [OLD, NEW] = ['1', '2'].map((digit) => digit.repeat(40)) as [string, string];
let world: GateWorld;
let keys = 0;
beforeEach(async () => {
  world = await gateWorld();
  world.vendor.history = [OLD, NEW];
});
afterEach(() => world.close());

const key = () => `key-checks-again-${++keys}`;
const refused = (code: string) => expect.objectContaining({ code });

async function turnsRed(sha: string) {
  await world.policy('staging', { checks: 'success' });
  world.vendor.checks[sha] = 'failure';
}

test('“Deploy again” is off where the press would be refused, in the same words, and on again with green ones', async () => {
  const deploymentId = await world.deployed('failed', { sha: NEW });
  await turnsRed(NEW);
  const operator = world.as('operator');
  const { redeploy: button } = (await readDeployment(operator, { deploymentId })).actions;
  expect(button.refusal).toMatchObject({ code: 'checks_failed' });
  await expect(redeploy(operator, { deploymentId, idempotencyKey: key() })).rejects.toMatchObject(button.refusal ?? {});
  world.vendor.checks[NEW] = 'success';
  expect((await readDeployment(operator, { deploymentId })).actions.redeploy.allowed).toBe(true);
  await redeploy(operator, { deploymentId, idempotencyKey: key() });
});

test('button, press and worker name the check that holds it, not all that are required', async () => {
  const operator = world.as('operator');
  const deploymentId = await world.deployed('failed', { sha: NEW });
  await world.policy('staging', { checks: 'success', requiredChecks: ['unit', 'e2e'] });
  world.vendor.checks[NEW] = 'failure';
  world.vendor.unpassed[NEW] = [{ name: 'e2e', stands: 'failed' }];
  const sentence = expect.stringContaining('does not take it so: e2e failed. Choose');
  const { redeploy: button } = (await readDeployment(operator, { deploymentId })).actions;
  expect(button.refusal).toEqual({ code: 'checks_failed', sentence });
  await expect(redeploy(operator, { deploymentId, idempotencyKey: key() })).rejects.toMatchObject(button.refusal ?? {});
  world.vendor.checks[NEW] = 'success';
  const queued = (await redeploy(operator, { deploymentId, idempotencyKey: key() })).deploymentId;
  world.vendor.checks[NEW] = 'failure';
  expect((await world.look(queued)).waitingFor).toBe(button.refusal?.sentence);
});

test('where another gate is closed as well, button and press name the same one', async () => {
  const deploymentId = await world.deployed('failed', { target: 'production', sha: NEW });
  await world.policy('production', { checks: 'success', afterEnvironmentId: 'env_staging' });
  const operator = world.as('operator');
  const named = async () => (await readDeployment(operator, { deploymentId })).actions.redeploy.refusal?.code;
  const pressed = () =>
    redeploy(operator, { deploymentId, idempotencyKey: key() }).catch((error: { code: string }) => error.code);
  expect(await named()).toBe('order_unmet');
  expect(await pressed()).toBe('order_unmet');
  world.vendor.checks[NEW] = 'failure';
  expect(await named()).toBe('checks_failed');
  expect(await pressed()).toBe('checks_failed');
});

test('what is live is deployed once more for its settings by the same word', async () => {
  const id = await world.deployed('done', { sha: NEW });
  await turnsRed(NEW);
  const operator = world.as('operator');
  const loaded = await loadTarget(operator, 'tgt_staging');
  const open = await operator.openConnection('con_1');
  const again = await readAgain(operator, open, loaded, { current: await world.row(id), serving: null });
  expect(again.allowed.refusal).toMatchObject({ code: 'checks_failed' });
});

test('nobody asks for checks that the policy ignores, or of what a viewer looks at', async () => {
  const deploymentId = await world.deployed('failed', { sha: NEW });
  const asked = async (who = world.as('operator')) => {
    const { commit } = world.vendor.provider.methods.source ?? expect.fail('no source');
    let times = 0;
    Object.assign(world.vendor.provider.methods.source ?? {}, {
      commit: (...args: Parameters<typeof commit>) => {
        times++;
        return commit(...args);
      },
    });
    await readDeployment(who, { deploymentId });
    return times;
  };
  expect(await asked()).toBe(0);
  await turnsRed(NEW);
  expect(await asked(world.as('viewer'))).toBe(0);
  expect(await asked()).toBe(1);
});

test('failed jobs are run again whatever the checks say, by the button, the press and the worker', async () => {
  const deploymentId = await world.deployed('failed', { sha: NEW });
  await turnsRed(NEW);
  const operator = world.as('operator');
  expect((await readDeployment(operator, { deploymentId })).actions.retry.allowed).toBe(true);
  const again = await retryDeployment(operator, { deploymentId });
  expect((await world.look(again.deploymentId)).status).toBe('building');
});

test('a roll-back goes to a commit whose checks are red by now, by the page, the press and the worker', async () => {
  const first = await world.deployed('done', { sha: OLD });
  await world.deployed('done', { sha: NEW });
  await turnsRed(OLD);
  const operator = world.as('operator');
  const { chosen } = await readRollBack(operator, { targetId: 'tgt_staging', toDeploymentId: first });
  expect(chosen?.allowed.allowed).toBe(true);
  expect(chosen?.gates.map(({ kind }) => kind)).not.toContain('checks');
  const input = { targetId: 'tgt_staging', toDeploymentId: first, reason: 'It is down', idempotencyKey: key() };
  const { deploymentId } = await rollBack(operator, input);
  expect((await world.look(deploymentId)).status).toBe('building');
  await expect(world.click({ sha: OLD })).rejects.toEqual(refused('pinned_rollback'));
});
