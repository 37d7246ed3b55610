// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are the vendor's expressions and must stay text.
import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { connections, targets } from '@/lib/db/schema';
import type { InputValue } from '@/lib/providers/port';
import { type EngineWorld, engineWorld } from '../testing/engine-world';
import { declareWorkflow, fixInputs } from '../testing/workflow';
import { redeploy, retryDeployment, rollBack } from './index';

const REFUSED = { kind: 'precondition', code: 'other_environment', sentence: expect.stringMatching(/production/) };
const TWO = 'stage: {type: string}, zone: {type: string}';
const BOTH = '${{ inputs.stage }}-${{ inputs.zone }}';
const LIVE = "${{ inputs.stage == 'prod' && 'live' || 'qa' }}";

let world: EngineWorld;
beforeEach(async () => {
  world = await engineWorld();
});
afterEach(() => world.close());

type Inputs = Record<string, InputValue>;
const workflow = (inputs: string, environment: string) => declareWorkflow(world, inputs, environment);
const click = (inputs: Inputs, target: 'staging' | 'production' = 'staging') => world.click({ target, inputs });
const refused = (inputs: Inputs) => expect(click(inputs)).rejects.toMatchObject(REFUSED);
const created = async (inputs: Inputs, target?: 'production') =>
  expect((await click(inputs, target)).outcome).toBe('created');

async function beside(environment: 'staging' | 'production', inputs: Inputs, over: object = {}): Promise<void> {
  const { db } = world.database;
  const [target] = await db
    .select()
    .from(targets)
    .where(eq(targets.id, `tgt_${environment}`));
  const config = { repository: 'acme/app', inputs };
  const made = { ...(target ?? expect.fail()), id: `tgt_beside_${environment}`, label: 'beside', config };
  await db.insert(targets).values({ ...made, ...over });
}

describe('where the settings of another environment’s target lead is its place', () => {
  test('behind the own name, whatever the rest is called', async () => {
    workflow('zone: {type: string}', 'staging-${{ inputs.zone }}');
    await fixInputs(world, 'production', { zone: 'live' });
    await created({}, 'production');
    await refused({ zone: 'live' });
    await refused({ zone: 'LIVE' });
    await created({ zone: 'south' });
  });

  test('with two pieces that are filled in, of which one says the own environment', async () => {
    workflow(TWO, BOTH);
    await fixInputs(world, 'production', { stage: 'production', zone: 'staging' });
    await created({}, 'production');
    await refused({ stage: 'production', zone: 'staging' });
    await created({ stage: 'staging', zone: 'production' });
  });

  test('with what it fixes of the name, whatever people fill in for the rest', async () => {
    workflow(TWO, BOTH);
    await fixInputs(world, 'production', { stage: 'live' });
    await refused({ stage: 'live', zone: 'eu' });
    await created({ stage: 'qa', zone: 'eu' });
    await fixInputs(world, 'production', { zone: 'eu' });
    await created({ stage: 'staging', zone: 'eu' });
  });

  test('by a comparison, and by what is left empty', async () => {
    workflow('stage: {type: string}', LIVE);
    await fixInputs(world, 'production', { stage: 'prod' });
    await refused({ stage: 'prod' });
    await created({});
    await fixInputs(world, 'production', { stage: 'test' });
    await refused({});
    await created({ stage: 'prod' });
  });

  test('through another connection to the same server as well, not at another server', async () => {
    workflow('stage: {type: string}', LIVE);
    await fixInputs(world, 'production', { stage: 'prod' });
    const { db } = world.database;
    const [connection] = await db.select().from(connections);
    const second = { ...(connection ?? expect.fail()), id: 'con_2', name: 'Second' };
    await db.insert(connections).values(second);
    await db.update(targets).set({ connectionId: second.id }).where(eq(targets.id, 'tgt_production'));
    await refused({ stage: 'prod' });
    const move = (id: string, origin: string) =>
      db.update(connections).set({ providerId: 'github', origin }).where(eq(connections.id, id));
    await move(connection?.id ?? '', 'https://git.acme.example');
    for (const written of ['https://git.acme.example/api/v3', 'https://GIT.acme.example:443/']) {
      await move(second.id, written);
      await refused({ stage: 'prod' });
    }
    await move(second.id, 'https://other.test');
    await created({ stage: 'prod' });
  });

  test('is shared where the settings of a target of the own environment lead there too', async () => {
    workflow(TWO, BOTH);
    const live = { stage: 'live', zone: 'eu' };
    await fixInputs(world, 'production', live);
    await refused(live);
    await beside('staging', live);
    await created(live);
  });
});

describe('a place that nobody’s settings decide alone', () => {
  test('belongs to whom the file means by the word that is filled in', async () => {
    workflow(
      'stage: {type: string}',
      "${{ (inputs.stage == 'prod' || inputs.stage == 'production') && 'live' || 'qa' }}",
    );
    await refused({ stage: 'production' });
    await refused({ stage: 'prod' });
    await created({ stage: 'staging' });
    await created({ stage: 'prod' }, 'production');
  });

  test('belongs to whom the file falls back to, unless the own environment is said', async () => {
    workflow('stage: {type: string}', "${{ inputs.stage == 'staging' && 'qa' || 'prod' }}");
    await created({}, 'production');
    await refused({});
    await refused({ stage: 'stagging' });
    await refused({ stage: 'production' });
    await created({ stage: 'staging' });
    workflow('stage: {type: string}', "${{ inputs.stage == 'production' && 'prod' || 'qa' }}");
    await created({});
    await created({ stage: 'production' }, 'production');
  });

  test('is refused with two words in it while the other environment’s target may come there', async () => {
    workflow(TWO, BOTH);
    const mixed = { stage: 'production', zone: 'staging' };
    await refused(mixed);
    await fixInputs(world, 'production', { stage: 'production' });
    await refused(mixed);
    await fixInputs(world, 'production', { stage: 'production', zone: 'west' });
    await created(mixed);
  });

  test('is refused with two words in it where the other one’s target runs another file, which is not read', async () => {
    workflow(TWO, BOTH);
    await fixInputs(world, 'production', { stage: 'production', zone: 'west' });
    await beside('production', {}, { config: { repository: 'acme/app', workflow: 'other.yml' } });
    await refused({ stage: 'production', zone: 'staging' });
    await created({ stage: 'staging', zone: 'west' });
  });

  test('is the own one, whatever it is called, where a target of the own environment fixes it', async () => {
    workflow('zone: {type: string}', 'staging-${{ inputs.zone }}');
    await refused({ zone: 'production' });
    await beside('staging', { zone: 'production' });
    await created({ zone: 'production' });
  });

  test('is refused to nobody without settings and words', async () => {
    workflow(TWO, BOTH);
    await created({ stage: 'live', zone: 'eu' });
    await created({}, 'production');
  });
});

describe('settings that changed since', () => {
  async function takenSince(id: string) {
    await fixInputs(world, 'production', { stage: 'prod' });
    const before = world.vendor.requests;
    const row = await world.look(id);
    expect(world.vendor.requests).toBe(before);
    return row;
  }

  test('keep what waits from being sent, and the audit says why', async () => {
    workflow('stage: {type: string}', LIVE);
    const { deploymentId } = await click({ stage: 'prod' });
    const row = await takenSince(deploymentId);
    expect(row).toMatchObject({
      status: 'failed',
      failureCode: 'other_environment',
      failureSentence: REFUSED.sentence,
    });
    expect(row.failureSentence).toMatch(/“live”, where a target of production may go\. Fill in what leads to staging/);
    expect(await world.audits('deployment.submit_refused')).toMatchObject([{ code: 'other_environment' }]);
  });

  test('refuse roll-backs, the same again and re-runs', async () => {
    workflow('stage: {type: string}', LIVE);
    const first = await world.deployed('done', { inputs: { stage: 'prod' } });
    await world.deployed('done', { inputs: {} });
    const failed = await world.deployed('failed', { inputs: { stage: 'prod' } });
    await fixInputs(world, 'production', { stage: 'prod' });
    const who = world.as('operator');
    const back = { targetId: 'tgt_staging', toDeploymentId: first, reason: 'Errors', idempotencyKey: 'key-back-1' };
    await expect(rollBack(who, back)).rejects.toMatchObject(REFUSED);
    const again = { deploymentId: first, idempotencyKey: 'key-again-1' };
    await expect(redeploy(who, again)).rejects.toMatchObject(REFUSED);
    await expect(retryDeployment(who, { deploymentId: failed })).rejects.toMatchObject(REFUSED);
  });

  test('and a file that changed since are looked at together', async () => {
    workflow('stage: {type: string}', LIVE);
    await fixInputs(world, 'production', { stage: 'other' });
    const { deploymentId } = await click({ stage: 'prod' });
    workflow('stage: {type: string}', "${{ inputs.stage == 'test' && 'qa' || 'live' }}");
    world.vendor.file = 'd'.repeat(64);
    const row = await world.look(deploymentId);
    expect(row).toMatchObject({ status: 'failed', failureCode: 'form_changed' });
    expect(row.failureSentence).toMatch(/“live”, where a target of production may go/);
    expect(world.vendor.requests).toBe(0);
  });
});
