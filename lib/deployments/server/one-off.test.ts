import { afterEach, beforeEach, expect, test } from 'vitest';
import { KEPT } from '@/lib/blueprints/model/dashboard-ssh';
import type { FormField } from '@/lib/providers/port';
import { isOneOff } from '../model/one-off';
import { type EngineWorld, engineWorld } from '../testing/engine-world';
import { redeploy, rollBack } from './index';
import { composerStart } from './read-composer';

const field = (name: string): FormField => ({
  ...{ name, type: 'boolean', description: '', required: false, default: 'false', options: [] },
});

let world: EngineWorld;
beforeEach(async () => {
  world = await engineWorld();
  const { workflows } = world.vendor.provider.methods;
  if (!workflows) throw new Error('The scripted provider has a form.');
  const { form } = workflows;
  workflows.form = async (...asked) => ({ ...(await form(...asked)), fields: [field('kept'), field('debug')] });
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

test('it is the input that the blueprint of a server of one’s own declares', () => {
  expect([KEPT.type, isOneOff(KEPT.name)]).toEqual(['boolean', true]);
});
