// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are the vendor's expressions and must stay text.
import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { deployments } from '@/lib/db/schema';
import type { InputValue } from '@/lib/providers/port';
import { type EngineWorld, engineWorld } from '../testing/engine-world';
import { declareWorkflow, fixInputs } from '../testing/workflow';
import { redeploy, retryDeployment, rollBack } from './index';
import { composerPlan } from './read-plan';

const REFUSED = { kind: 'precondition', code: 'other_environment', sentence: expect.stringMatching(/production/i) };

let world: EngineWorld;
beforeEach(async () => {
  world = await engineWorld();
});
afterEach(() => world.close());

/** The workflow of both targets: what it declares, and where its job runs. */
const workflow = (inputs: string, environment: string) => declareWorkflow(world, inputs, environment);

const click = (inputs: Record<string, InputValue>, target: 'staging' | 'production' = 'staging') =>
  world.click({ target, inputs });
const inputsOf = async (id: string) => (await world.row(id)).inputs;
const fix = (inputs: Record<string, InputValue>, target: 'staging' | 'production' = 'staging') =>
  fixInputs(world, target, inputs);

const EITHER = "${{ inputs.stage == 'production' && 'production' || 'staging' }}";
const TEXT = 'stage: {type: string}';

describe('where an expression leads is another environment', () => {
  test.each<[string, string, string, Record<string, InputValue>, Record<string, InputValue>]>([
    ['by a comparison', TEXT, EITHER, { stage: 'Production' }, { stage: 'stage' }],
    [
      'by what is left empty',
      TEXT,
      "${{ inputs.stage == 'staging' && 'staging' || 'production' }}",
      {},
      { stage: 'staging' },
    ],
    [
      'by the last of three',
      'stage: {type: choice, options: [dev, test, prod]}',
      "${{ inputs.stage == 'dev' && 'staging' || inputs.stage == 'test' && 'testing' || 'production' }}",
      { stage: 'prod' },
      { stage: 'test' },
    ],
    ['by a switch', 'stage: {type: boolean}', "${{ inputs.stage && 'production' || 'staging' }}", { stage: true }, {}],
    ['by a call', TEXT, "${{ format('{0}', inputs.stage) }}", { stage: 'production' }, { stage: 'staging' }],
    ['with a piece behind', TEXT, '${{ inputs.stage }}-eu', { stage: 'production' }, { stage: 'staging' }],
    [
      'by brackets',
      TEXT,
      "${{ (inputs.stage == 'prod' || inputs.stage == '') && 'production' || inputs.stage }}",
      { stage: 'prod' },
      { stage: 'preview' },
    ],
    [
      'whatever a variable says',
      TEXT,
      "${{ inputs.stage != 'x' && 'staging' || vars.LIVE && 'production' || 'Production' }}",
      { stage: 'x' },
      { stage: 'y' },
    ],
  ])(
    '%s: refused, and what leads to the own one, or to none of ours, is not',
    async (_, declared, environment, away, own) => {
      workflow(declared, environment);
      await expect(click(away)).rejects.toMatchObject(REFUSED);
      expect((await click(own)).outcome).toBe('created');
    },
  );

  test('by the ref: each target has its own', async () => {
    workflow(TEXT, "${{ github.ref_name == 'main' && 'production' || 'staging' }}");
    await expect(click({})).rejects.toMatchObject(REFUSED);
    expect((await click({}, 'production')).outcome).toBe('created');
  });

  test('by a piece of its name, also where its text says the own one: another target’s settings may lead there', async () => {
    workflow('zone: {type: string}', 'staging-${{ inputs.zone }}');
    await fix({ zone: 'production' }, 'production');
    expect((await click({}, 'production')).outcome).toBe('created');
    await expect(click({ zone: 'production' })).rejects.toMatchObject(REFUSED);
    expect((await click({ zone: 'south' })).outcome).toBe('created');
  });

  test('by a piece of its name, also where the settings fix another piece to the own one', async () => {
    workflow('stage: {type: string}, zone: {type: string}', '${{ inputs.stage }}-${{ inputs.zone }}');
    await fix({ stage: 'production', zone: 'staging' }, 'production');
    await fix({ zone: 'staging' });
    expect((await click({}, 'production')).outcome).toBe('created');
    await expect(click({ stage: 'production' })).rejects.toMatchObject(REFUSED);
    await fix({ stage: 'staging' });
    await expect(click({ zone: 'production' })).rejects.toMatchObject(REFUSED);
  });

  test('by a piece of its name, also where the settings fix the input that tells the other one: at the click, not later', async () => {
    const declared = 'environment: {type: environment}, channel: {type: choice, options: [nightly, stable]}';
    declareWorkflow(world, declared, 'packages-${{ inputs.channel }}', ['beta', 'stable']);
    await fix({ environment: 'beta' });
    await fix({ environment: 'stable' }, 'production');
    await expect(click({ channel: 'stable' })).rejects.toMatchObject(REFUSED);
    const { deploymentId } = await click({ channel: 'nightly' });
    expect(await world.look(deploymentId)).toMatchObject({ failureCode: null, remoteId: expect.any(String) });
  });

  test('of which a variable decides: as before, nothing is refused', async () => {
    workflow(TEXT, "${{ inputs.stage == 'x' && vars.PLACE || (vars.LIVE && 'production' || 'staging') }}");
    expect((await click({ stage: 'x' })).outcome).toBe('created');
    expect((await click({})).outcome).toBe('created');
  });

  test('by what an administrator fixed: that counts as it is', async () => {
    workflow(TEXT, EITHER);
    await fix({ stage: 'production' });
    expect((await click({})).outcome).toBe('created');
  });
});

test('what a job only compares is never filled in, nor is it an environment', async () => {
  workflow('version: {type: string}', "${{ (inputs.version || 'latest') == 'latest' && 'staging' || 'production' }}");
  expect(await inputsOf((await click({})).deploymentId)).toEqual({});
  await expect(click({ version: '1.2.3' })).rejects.toMatchObject(REFUSED);
  workflow('version: {type: string, required: true}', "${{ (inputs.version || 'latest') == 'latest' && 'staging' }}");
  await expect(click({})).rejects.toMatchObject({ code: 'invalid_inputs' });
});

test('an input called environment that a job compares is filled in where it leads elsewhere while it is empty', async () => {
  workflow('environment: {type: string}', "${{ inputs.environment == 'staging' && 'staging' || 'production' }}");
  expect(await inputsOf((await click({})).deploymentId)).toEqual({ environment: 'staging' });
  expect(await inputsOf((await click({}, 'production')).deploymentId)).toEqual({});
  await expect(click({ environment: 'qa' })).rejects.toMatchObject(REFUSED);
  const options = 'environment: {type: choice, options: [dev, test, prod]}';
  workflow(options, "${{ inputs.environment == 'dev' && 'staging' || 'production' }}");
  await expect(click({})).rejects.toMatchObject({ code: 'other_environment' });
  await expect(click({ environment: 'prod' })).rejects.toMatchObject(REFUSED);
  expect((await click({ environment: 'dev' })).outcome).toBe('created');
});

test('what led elsewhere once does not go there again: as a roll-back, the same again, a re-run, or from the queue', async () => {
  workflow(TEXT, EITHER);
  const first = await world.deployed('done', { inputs: {} });
  await world.deployed('done', { inputs: {} });
  const inputs = { stage: 'production' };
  const sendAway = async (id: string) => {
    const { dispatch } = await world.row(id);
    const runsIn = [{ texts: ['production'], parts: [] }];
    const away = { inputs, dispatch: { ...dispatch, runsIn } };
    await world.database.db.update(deployments).set(away).where(eq(deployments.id, id));
  };
  await sendAway(first);
  const who = world.as('operator');
  const back = { targetId: 'tgt_staging', toDeploymentId: first, reason: 'Errors', idempotencyKey: 'key-back-1' };
  await expect(rollBack(who, back)).rejects.toMatchObject(REFUSED);
  await expect(redeploy(who, { deploymentId: first, idempotencyKey: 'key-again-1' })).rejects.toMatchObject(REFUSED);
  const failed = await world.deployed('failed', { inputs: {} });
  expect((await world.row(failed)).dispatch.runsIn, 'kept as it was asked for').toEqual([
    { texts: ['staging'], parts: [] },
  ]);
  await sendAway(failed);
  await expect(retryDeployment(who, { deploymentId: failed })).rejects.toMatchObject(REFUSED);
  const { deploymentId } = await click({});
  await sendAway(deploymentId);
  const before = world.vendor.requests;
  const row = await world.look(deploymentId);
  expect(row).toMatchObject({ status: 'failed', failureCode: 'other_environment', failureSentence: REFUSED.sentence });
  expect(world.vendor.requests).toBe(before);
});

describe('a workflow file that changed before the request was sent, where nobody approves', () => {
  async function changed(environment: string) {
    workflow(TEXT, EITHER);
    const { deploymentId } = await click({ stage: 'x' });
    workflow(TEXT, environment);
    world.vendor.file = 'd'.repeat(64);
    return world.look(deploymentId);
  }

  test('is sent with the new one where that stays in the own environment', async () => {
    const { id, status } = await changed("${{ inputs.stage == 'live' && 'production' || 'staging' }}");
    expect(status).toBe('building');
    expect(await world.timeline(id)).toEqual(expect.arrayContaining(['requeue', 'observe_building']));
    expect(await world.timeline(id)).not.toContain('require_approval');
    expect((await world.attemptsOf(id)).map((each) => each.state)).toEqual(['refused', 'accepted']);
    expect(world.vendor.requests).toBe(1);
  });

  test('ends where that leads to another', async () => {
    const row = await changed("${{ inputs.stage == 'x' && 'production' || 'staging' }}");
    expect(row).toMatchObject({ status: 'failed', failureCode: 'form_changed' });
    expect(row.failureSentence).toMatch(/does not fit it: This target is staging/);
    expect(world.vendor.requests).toBe(0);
  });
});

test('expressions are not shown with the form', async () => {
  workflow(TEXT, EITHER);
  const plan = await composerPlan(world.as('operator'), { targetId: 'tgt_staging', ref: 'main' });
  expect(plan.form?.fields).toHaveLength(1);
  expect(plan.form).not.toHaveProperty('places');
});
