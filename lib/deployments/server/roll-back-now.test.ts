// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are the vendor's expressions and must stay text.
import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { targets } from '@/lib/db/schema';
import { makeConnection } from '@/lib/db/testing/factories';
import { type InputValue, ProviderError } from '@/lib/providers/port';
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
        /Errors It goes with the settings of now: with those of then it does not go any more\./,
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

test('inputs of then go along where the form of now takes them, and in the own environment', async () => {
  const inputs = `${ENVIRONMENT}, level: {type: string}, region: {type: choice, options: [eu, us], default: eu}`;
  declareWorkflow(world, inputs, '${{ inputs.environment }}', ['live-eu', 'staging']);
  await set('production', 'deploy.yml', { region: 'us' });
  const first = await deployed(OLD, { environment: 'live-eu', level: 'debug' });
  await deployed(NEW, { environment: 'live-eu' });
  await set('staging', 'deploy.yml', { environment: 'live-eu' });
  await set('production', 'deploy-production.yml');
  declareWorkflow(world, inputs, '${{ inputs.environment }}', ['production']);
  const row = await world.row((await back(first)).deploymentId);
  expect(row.inputs).toEqual({ environment: 'production', level: 'debug', region: 'us' });
});

test('what the form of now does not take is never replaced by its default: it is refused by name, and settled in the settings', async () => {
  const before = `${ENVIRONMENT}, region: {type: choice, options: [eu, us], default: eu}, image: {type: string}`;
  declareWorkflow(world, before, '${{ inputs.environment }}', ['staging', 'production']);
  await set('staging', 'deploy.yml', { environment: 'staging' });
  await set('production', 'deploy.yml', { environment: 'production' });
  const first = await deployed(OLD, { region: 'us', image: 'acme@sha256:old' });
  await deployed(NEW, { region: 'us', image: 'acme@sha256:new' });
  const renamed = `${ENVIRONMENT}, region: {type: choice, options: [eu-west, us-east], default: eu-west}, digest: {type: string}`;
  declareWorkflow(world, renamed, '${{ inputs.environment }}', ['staging', 'production']);
  await set('production', 'deploy-production.yml', { environment: 'production' });
  const lost = /does not take what it went with in image, region; .* Fix the inputs in the target’s settings/;
  const refused = { code: 'invalid_inputs', sentence: expect.stringMatching(lost) };
  expect((await page(first))?.allowed).toMatchObject({ allowed: false, refusal: refused });
  await expect(back(first)).rejects.toMatchObject(refused);
  const settled = { environment: 'production', region: 'us-east', image: '', digest: 'sha256:old' };
  await set('production', 'deploy-production.yml', settled);
  expect((await page(first))?.allowed).toMatchObject({ allowed: true });
  const row = await world.look((await back(first)).deploymentId);
  expect(row).toMatchObject({ status: 'building', sha: OLD, config: { inputs: settled } });
});

test('a place of its own that the form of now calls otherwise is not replaced by the first one', async () => {
  const offers = (...options: string[]) =>
    declareWorkflow(
      world,
      `environment: {type: environment, default: ${options[0]}}`,
      '${{ inputs.environment }}',
      options,
    );
  offers('live-eu', 'live-us');
  await set('production', 'deploy.yml');
  const first = await deployed(OLD, { environment: 'live-us' });
  await deployed(NEW, { environment: 'live-us' });
  offers('eu-live', 'us-live');
  const refused = { code: 'invalid_inputs', sentence: expect.stringContaining('in environment;') };
  expect((await page(first))?.allowed).toMatchObject({ allowed: false, refusal: refused });
  await expect(back(first)).rejects.toMatchObject(refused);
});

test('what was emptied stays empty, and a place under another name is not the workflow’s first one', async () => {
  const [flags, places] = ['flags: {type: string, default: --canary}', ['live-eu', 'live-us']];
  const place = `place: {type: environment, default: live-eu}, ${flags}`;
  declareWorkflow(world, `${ENVIRONMENT}, ${flags}`, '${{ inputs.environment }}', places);
  await set('production', 'deploy.yml');
  const first = await deployed(OLD, { environment: 'live-us', flags: '' });
  await deployed(NEW, { environment: 'live-us' });
  await set('production', 'deploy-production.yml');
  await set('staging', 'deploy.yml', { environment: 'live-us' });
  declareWorkflow(world, place, '${{ inputs.place }}', places);
  await expect(back(first)).rejects.toMatchObject({
    ...{ code: 'invalid_inputs', sentence: expect.stringContaining('in environment;') },
  });
  await set('production', 'deploy-production.yml', { place: 'live-us' });
  expect((await world.row((await back(first)).deploymentId)).inputs).toMatchObject({ flags: '' });
});

test('what settings fixed then goes along in whatever capitals, and what was not ticked is nothing', async () => {
  declareWorkflow(world, `${ENVIRONMENT}, Region: {type: string}, kept: {type: boolean}`, '${{ inputs.environment }}', [
    ...['staging', 'production'],
  ]);
  await set('staging', 'deploy.yml', { environment: 'staging' });
  await set('production', 'deploy.yml', { environment: 'production', Region: 'us' });
  const first = await deployed(OLD, { kept: false });
  await deployed(NEW);
  await set('production', 'deploy-production.yml', { environment: 'production' });
  const region = 'region: {type: choice, options: [eu, us], default: eu}';
  declareWorkflow(world, `${ENVIRONMENT}, ${region}`, '${{ inputs.environment }}', ['staging', 'production']);
  expect((await world.row((await back(first)).deploymentId)).inputs).toEqual({ region: 'us' });
});

test('a target that moved to another account goes by the same rules, and nothing is live for it there yet', async () => {
  const region = 'region: {type: choice, options: [eu, us], default: eu}';
  declareWorkflow(world, `${ENVIRONMENT}, ${region}`, '${{ inputs.environment }}', ['production']);
  await set('production', 'deploy.yml', { environment: 'production', region: 'us' });
  const first = await deployed(NEW);
  await deployed(NEW);
  await set('production', 'deploy.yml', { environment: 'production' });
  const { id: connectionId } = await makeConnection(world.database.db, { origin: 'https://other.test' });
  await world.database.db.update(targets).set({ connectionId }).where(eq(targets.id, 'tgt_production'));
  expect((await page(first))?.allowed).toMatchObject({ allowed: true });
  expect((await world.row((await back(first)).deploymentId)).inputs).toEqual({ region: 'us' });
});

test('a file that is gone or an input that the form has no more bars no earlier release', async () => {
  declareWorkflow(world, `${ENVIRONMENT}, gone: {type: string}`, '${{ inputs.environment }}', ['production']);
  await set('production', 'deploy.yml', { environment: 'production' });
  const first = await deployed(OLD, { gone: 'x' });
  await deployed(NEW, { gone: 'x' });
  declareWorkflow(world, ENVIRONMENT, '${{ inputs.environment }}', ['production']);
  const refused = { code: 'invalid_inputs', sentence: expect.stringContaining('what it went with in gone;') };
  expect((await page(first))?.allowed).toMatchObject({ allowed: false, refusal: refused });
  await expect(back(first)).rejects.toMatchObject(refused);
  const methods = world.vendor.provider.methods;
  const { form } = methods.workflows ?? {};
  Object.assign(methods.workflows ?? {}, {
    form: async (...asked: Parameters<NonNullable<typeof form>>) => {
      if (asked[1].workflow === 'deploy.yml')
        throw new ProviderError('rejected', 'no_dispatch_trigger', 'No file deploy.yml.');
      return (await form?.(...asked)) ?? null;
    },
  });
  await set('production', 'deploy-production.yml', { environment: 'production', gone: '' });
  const chosen = await page(first);
  expect([chosen?.allowed.allowed, chosen?.sideEffects.join(' ')]).toEqual([
    true,
    expect.stringContaining('No file deploy.yml.'),
  ]);
  expect(await world.look((await back(first)).deploymentId)).toMatchObject({
    ...{ status: 'building', sha: OLD, config: { workflow: 'deploy-production.yml' } },
  });
});

test('going back to what with the settings of now is what is live is refused', async () => {
  declareWorkflow(world, ENVIRONMENT, '${{ inputs.environment }}', ['staging', 'production']);
  await set('staging', 'deploy.yml', { environment: 'staging' });
  await set('production', 'deploy.yml', { environment: 'production' });
  const first = await deployed(NEW);
  await set('production', 'deploy-production.yml', { environment: 'production' });
  await deployed(NEW);
  const refused = { code: 'is_current', sentence: expect.stringContaining('that is what is live') };
  expect((await page(first))?.allowed).toMatchObject({ allowed: false, refusal: refused });
  await expect(back(first)).rejects.toMatchObject(refused);
});

test('where the settings of now are refused, too, page and press say to put the target’s settings right', async () => {
  declareWorkflow(world, 'stage: {type: string}', "${{ inputs.stage == 'prod' && 'live' || 'qa' }}");
  await set('production', 'deploy.yml');
  const first = await deployed(OLD, { stage: 'prod' });
  await deployed(NEW, { stage: 'prod' });
  await set('staging', 'deploy.yml', { stage: 'prod' });
  const way = /^With the settings of then .*staging.* What you deploy \(to nothing.*\), then roll back once more\.$/;
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
