// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are the vendor's expressions and must stay text.
import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { targets } from '@/lib/db/schema';
import type { InputValue } from '@/lib/providers/port';
import { type EngineWorld, engineWorld } from '../testing/engine-world';
import { declareWorkflow } from '../testing/workflow';
import { redeploy, retryDeployment, rollBack } from './index';
import { readRollBack } from './read-roll-back';

const [OLD, NEW] = ['1'.repeat(40), '2'.repeat(40)];
const ENVIRONMENT = 'environment: {type: environment}';

let world: EngineWorld;
beforeEach(async () => {
  world = await engineWorld();
  world.vendor.history = [OLD, NEW];
});
afterEach(() => world.close());

/** What a target of the repository goes by. */
const set = (target: 'staging' | 'production', workflow: string, inputs: Record<string, InputValue> = {}) =>
  world.database.db
    .update(targets)
    .set({ config: { repository: 'acme/app', workflow, inputs } })
    .where(eq(targets.id, `tgt_${target}`));

async function deployed(sha: string, inputs: Record<string, InputValue> = {}, phase: 'done' | 'failed' = 'done') {
  world.vendor.head = sha;
  return world.deployed(phase, { target: 'production', sha, inputs });
}
const back = (toDeploymentId: string, idempotencyKey = 'key-back-1') =>
  rollBack(world.as('operator'), { targetId: 'tgt_production', toDeploymentId, reason: 'Errors', idempotencyKey });
const page = async (toDeploymentId: string) =>
  (await readRollBack(world.as('operator'), { targetId: 'tgt_production', toDeploymentId })).chosen;

/** Both went by one file, and Production has one of its own since. */
async function splitOff(): Promise<string> {
  declareWorkflow(world, ENVIRONMENT, '${{ inputs.environment }}', ['staging', 'production']);
  await set('staging', 'deploy.yml', { environment: 'staging' });
  await set('production', 'deploy.yml', { environment: 'production' });
  const first = await deployed(OLD);
  await deployed(NEW);
  await set('production', 'deploy-production.yml', { environment: 'production' });
  return first;
}

test('of two buttons for an older commit one goes: a roll-back with the settings of now, as the other one says', async () => {
  const first = await splitOff();
  const press = redeploy(world.as('operator'), { deploymentId: first, idempotencyKey: 'key-again-1' });
  await expect(press).rejects.toMatchObject({
    ...{ code: 'older_than_live', sentence: expect.stringMatching(/Roll back if you mean to go back\.$/) },
  });
  const { deploymentId } = await back(first);
  expect(await world.look(deploymentId)).toMatchObject({
    ...{ status: 'building', sha: OLD, config: { workflow: 'deploy-production.yml' } },
  });
});

test('the page says so and why before the press, and the audit line after it', async () => {
  const first = await splitOff();
  const chosen = await page(first);
  expect(chosen?.allowed).toEqual({ allowed: true, refusal: null });
  const why = 'by its workflow “deploy.yml”, which by now a target of Backend in staging names';
  expect(chosen?.sideEffects.join(' ')).toMatch(/with today’s settings, and with the inputs of .* as far as they go/);
  expect(chosen?.sideEffects.join(' ')).toContain(why);
  await back(first);
  expect(await world.audits('deployment.request.rollback')).toMatchObject([
    {
      sentence: expect.stringMatching(
        /Errors It goes with the settings of now: what it went with then leads to another/,
      ),
      data: { settingsOf: 'now', because: expect.stringContaining(why) },
    },
  ]);
});

test('with the settings of then nothing of that is said', async () => {
  declareWorkflow(world, ENVIRONMENT, '${{ inputs.environment }}', ['staging', 'production']);
  const first = await deployed(OLD);
  await deployed(NEW);
  expect((await page(first))?.sideEffects.join(' ')).toContain('not with today’s');
  await back(first);
  const [line] = await world.audits('deployment.request.rollback');
  expect(line?.sentence).not.toContain('settings of now');
  expect(line?.data).not.toHaveProperty('because');
});

test('inputs of then go along as far as the form of now takes them, and in the own environment', async () => {
  declareWorkflow(world, `${ENVIRONMENT}, level: {type: string}, gone: {type: string}`, '${{ inputs.environment }}', [
    ...['live-eu', 'staging'],
  ]);
  await set('production', 'deploy.yml');
  const first = await deployed(OLD, { environment: 'live-eu', level: 'debug', gone: 'x' });
  await deployed(NEW, { environment: 'live-eu' });
  await set('staging', 'deploy.yml', { environment: 'live-eu' });
  await set('production', 'deploy-production.yml');
  declareWorkflow(world, `${ENVIRONMENT}, level: {type: string}`, '${{ inputs.environment }}', ['production']);
  const row = await world.row((await back(first)).deploymentId);
  expect(row.inputs).toEqual({ environment: 'production', level: 'debug' });
});

test('where the settings of now are refused, too, page and press say to put the target’s settings right', async () => {
  declareWorkflow(world, 'stage: {type: string}', "${{ inputs.stage == 'prod' && 'live' || 'qa' }}");
  await set('production', 'deploy.yml');
  const first = await deployed(OLD, { stage: 'prod' });
  await deployed(NEW, { stage: 'prod' });
  await set('staging', 'deploy.yml', { stage: 'prod' });
  const way = /^What it went with then leads .*staging.* What you deploy, then roll back once more\.$/;
  const refused = { code: 'other_environment', sentence: expect.stringMatching(way) };
  expect((await page(first))?.allowed).toMatchObject({ allowed: false, refusal: refused });
  await expect(back(first)).rejects.toMatchObject(refused);
  await set('production', 'deploy.yml', { stage: 'test' });
  expect((await page(first))?.allowed).toMatchObject({ allowed: true });
  expect(await world.look((await back(first)).deploymentId)).toMatchObject({ status: 'building', inputs: {} });
});

test('a roll-back that failed is not run again by settings of then, and is told to be pressed once more', async () => {
  declareWorkflow(world, ENVIRONMENT, '${{ inputs.environment }}', ['staging', 'production']);
  await set('production', 'deploy.yml', { environment: 'production' });
  const first = await deployed(OLD);
  await deployed(NEW);
  const { deploymentId } = await back(first);
  await world.look(deploymentId);
  for (const run of world.vendor.runs) run.phase = 'failed';
  await world.look(deploymentId);
  await set('staging', 'deploy.yml');
  await set('production', 'deploy-production.yml', { environment: 'production' });
  await expect(retryDeployment(world.as('operator'), { deploymentId })).rejects.toMatchObject({
    ...{
      code: 'other_environment',
      sentence: expect.stringMatching(/Roll back once more: that goes with the settings/),
    },
  });
  const { deploymentId: once } = await back(first, 'key-back-2');
  expect(await world.look(once)).toMatchObject({ status: 'building', config: { workflow: 'deploy-production.yml' } });
});
