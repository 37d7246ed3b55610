import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { KEPT_RELEASES as BLUEPRINTS, KEPT } from '@/lib/blueprints/model/dashboard-ssh';
import type { FormField } from '@/lib/providers/port';
import { KEPT_RELEASES } from '../model/kept';
import { isOneOff } from '../model/one-off';
import { type EngineWorld, engineWorld } from '../testing/engine-world';
import { redeploy, rollBack } from './index';
import { liftPin } from './lift-pin';
import { composerStart } from './read-composer';
import { composerPlan } from './read-plan';
import { readRollBack } from './read-roll-back';

const field = (name: string): FormField => ({
  ...{ name, type: 'boolean', description: '', required: false, default: 'false', options: [] },
});
const releases: FormField = { ...field(KEPT_RELEASES), type: 'string', default: '' };

let world: EngineWorld;
let fields: FormField[];
beforeEach(async () => {
  fields = [field('kept'), field('debug')];
  world = await engineWorld();
  const { workflows } = world.vendor.provider.methods;
  if (!workflows) throw new Error('The scripted provider has a form.');
  const { form } = workflows;
  workflows.form = async (...asked) => ({ ...(await form(...asked)), fields });
});
afterEach(() => world.close());

const ticked = { kept: true, debug: true };
const unticked = { kept: false, debug: true };
const inputsOf = async (id: string) => (await world.row(id)).inputs;

test('a release that was asked for once is sent as asked, and the next form does not come with it ticked', async () => {
  const id = await world.deployed('done', { inputs: ticked });
  expect(await inputsOf(id)).toEqual(ticked);
  const start = await composerStart(world.as('operator'), { targetId: 'tgt_staging' });
  expect(start.lastInputs).toEqual({ debug: true });
});

test('the same again builds, and so does a roll-back to what was served without a build', async () => {
  const first = await world.deployed('done', { inputs: ticked });
  const who = world.as('operator');
  const again = await redeploy(who, { deploymentId: first, idempotencyKey: 'key-again-1' });
  expect(await inputsOf(again.deploymentId)).toEqual(unticked);
  await world.look(again.deploymentId);
  for (const run of world.vendor.runs) run.phase = 'done';
  await world.look(again.deploymentId);
  const order = { targetId: 'tgt_staging', toDeploymentId: first, reason: 'Errors', idempotencyKey: 'key-back-1' };
  const back = await rollBack(who, order);
  expect(await inputsOf(back.deploymentId)).toEqual(unticked);
});

test('a newer commit takes the place of one that waits to be served without a build', async () => {
  const [older, newer] = ['1'.repeat(40), '2'.repeat(40)] as const;
  world.vendor.history = [older, newer];
  const waiting = await world.click({ sha: older, inputs: ticked });
  const other = await world.click({ sha: older, inputs: { kept: true, debug: false } });
  const newest = await world.click({ sha: newer, inputs: unticked });
  expect(await world.row(waiting.deploymentId)).toMatchObject({ supersededById: newest.deploymentId });
  expect(await world.row(other.deploymentId), 'other content').toMatchObject({ status: 'queued' });
});

/** Goes back to it while another one is live, has that done, and lets deployments through again. */
async function back(toDeploymentId: string, key: string): Promise<string> {
  const order = { targetId: 'tgt_staging', toDeploymentId, reason: 'Errors', idempotencyKey: key };
  const { deploymentId } = await rollBack(world.as('operator'), order);
  await world.look(deploymentId);
  for (const run of world.vendor.runs) run.phase = 'done';
  await world.look(deploymentId);
  for (const { id } of await world.pins()) await liftPin(world.as('admin'), { pinId: id });
  return deploymentId;
}

const howBack = async (toDeploymentId: string) =>
  (await readRollBack(world.as('operator'), { targetId: 'tgt_staging', toDeploymentId })).chosen;

describe('a workflow that can be told which release to serve again', () => {
  beforeEach(() => {
    fields = [field('kept'), field('debug'), releases];
  });

  test('is told by a roll-back the very build that it goes back to, and never to serve any one of the commit', async () => {
    const first = await world.deployed('done', { inputs: ticked });
    await world.deployed('done', { inputs: unticked });
    const { remoteId } = await world.row(first);
    expect(await howBack(first)).toMatchObject({
      how: 'repoint-or-redeploy',
      says: expect.stringContaining('where it still keeps it: nothing is built then. Otherwise Scripted builds it'),
      sideEffects: expect.arrayContaining([expect.stringContaining('Its server starts it with the variables of now')]),
    });
    const id = await back(first, 'key-back-2');
    expect(await inputsOf(id)).toEqual({ ...unticked, [KEPT_RELEASES]: `${remoteId}-1` });
  });

  test('is told of one that it went back to what that may have served, since it may have built nothing itself', async () => {
    const first = await world.deployed('done', { inputs: unticked });
    await world.deployed('done', { inputs: unticked });
    const once = await back(first, 'key-back-3');
    await world.deployed('done', { inputs: unticked });
    const twice = await back(once, 'key-back-4');
    const runs = await Promise.all([once, first].map(async (id) => `${(await world.row(id)).remoteId}-1`));
    expect((await inputsOf(twice))[KEPT_RELEASES]).toBe(runs.join(' '));
  });

  test('is told nothing by whoever deploys anew or again: that is built, and people are not asked for it', async () => {
    const first = await world.deployed('done', { inputs: unticked });
    await world.deployed('done', { inputs: unticked });
    const id = await back(first, 'key-back-5');
    const who = world.as('operator');
    const again = await redeploy(who, { deploymentId: id, idempotencyKey: 'key-again-2' });
    expect(await inputsOf(again.deploymentId)).toEqual(unticked);
    const plan = await composerPlan(who, { targetId: 'tgt_staging', ref: 'main' });
    expect(plan.form?.fields.map(({ name }) => name)).toEqual(['kept', 'debug']);
  });
});

test('a workflow of before, or none of ours, builds as it did, and the former one says how to mend it', async () => {
  const first = await world.deployed('done', { inputs: unticked });
  await world.deployed('done', { inputs: unticked });
  const former = await howBack(first);
  expect(former?.how).toBe('roll-forward');
  expect(former?.sideEffects.join(' ')).toContain('Bring it up to date under Set up');
  expect(await inputsOf(await back(first, 'key-back-6'))).toEqual(unticked);
  fields = [field('debug')];
  expect((await howBack(first))?.sideEffects.join(' ')).not.toContain('Set up');
});

test('it is the input that the blueprint of a server of one’s own declares', () => {
  expect([KEPT.type, isOneOff(KEPT.name)]).toEqual(['boolean', true]);
  expect([BLUEPRINTS.type, BLUEPRINTS.name]).toEqual(['string', KEPT_RELEASES]);
});
