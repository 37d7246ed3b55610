// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are the vendor's expressions and must stay text.
import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { deployments } from '@/lib/db/schema';
import { type InputValue, ProviderError } from '@/lib/providers/port';
import { backWorld, ENVIRONMENT, NEW, OLD } from '../testing/back-world';
import { declareWorkflow } from '../testing/workflow';
import { redeploy } from './index';

let lab: Awaited<ReturnType<typeof backWorld>>;
beforeEach(async () => {
  lab = await backWorld();
});
afterEach(() => lab.world.close());

test.each<[string, was: Record<string, InputValue>, now: Record<string, InputValue>]>([
  ['an input that is gone', { gone: 'x' }, { gone: '' }],
  ['an option that has another name by now', { region: 'us' }, { region: 'us-east' }],
  ['an environment that is gone', { environment: 'prod-old' }, { environment: 'production' }],
  ['nothing of what the file gained', {}, { host: 'live-1' }],
])('what settings fixed then is theirs no more: %s', async (_, was, now) => {
  const { world, set, deployed, back, page } = lab;
  const inputs = (regions: string, more: string) =>
    `${ENVIRONMENT}, region: {type: choice, options: [${regions}]}${more}`;
  const [places, fixed] = ['${{ inputs.environment }}', { environment: 'production' }];
  declareWorkflow(world, inputs('eu, us', ', gone: {type: string}'), places, ['production', 'prod-old']);
  await set('production', 'deploy.yml', { ...fixed, ...was });
  const first = await deployed(OLD);
  await deployed(NEW);
  const gained = ', host: {type: choice, options: [staging-1, live-1], default: staging-1}';
  declareWorkflow(world, inputs('eu-west, us-east', gained), places, ['production']);
  await set('production', 'deploy.yml', { ...fixed, ...now });
  expect((await page(first))?.allowed).toEqual({ allowed: true, refusal: null });
  const row = await world.look((await back(first)).deploymentId);
  expect(row).toMatchObject({ status: 'building', sha: OLD, config: { inputs: { ...fixed, ...now } } });
  expect(row.inputs).toEqual('host' in now ? {} : { host: 'staging-1' });
});

test('of what the settings of now fix, the workflow has to take each: otherwise no press is made', async () => {
  const { world, set, deployed, back, page } = lab;
  declareWorkflow(world, 'region: {type: choice, options: [eu-west, us-east]}, level: {type: string}', 'production');
  const first = await deployed(OLD);
  await deployed(NEW);
  for (const [inputs, sentence] of [
    [{ region: 'us' }, /does not fit the workflow\. region: Choose one of .* under What you deploy\.$/],
    [{ region: '' }, /region: It is fixed to nothing, and the workflow has it/],
    [{ gone: 'x' }, /gone: The workflow does not have it at this revision/],
  ] as const) {
    await set('production', 'deploy.yml', inputs);
    const refused = { code: 'fixed_unfit', sentence: expect.stringMatching(sentence) };
    const press = world.click({ target: 'production', sha: NEW, inputs: {} });
    await expect(press).rejects.toMatchObject(refused);
    expect((await page(first))?.allowed).toMatchObject({ allowed: false, refusal: refused });
    await expect(back(first)).rejects.toMatchObject(refused);
  }
  declareWorkflow(
    world,
    "region: {type: choice, options: ['', eu, us-east], default: eu}, level: {type: string}",
    'production',
  );
  await set('production', 'deploy.yml', { region: '' });
  expect((await page(first))?.allowed, 'a blank option').toMatchObject({ allowed: true });
  await set('production', 'deploy.yml', { gone: '', region: 'us-east' });
  expect((await page(first))?.allowed).toMatchObject({ allowed: true });
});

test('a place that is worked out by now is not left to the file’s default', async () => {
  const { world, set, deployed, back, page } = lab;
  declareWorkflow(world, ENVIRONMENT, '${{ inputs.environment }}', ['live-eu', 'live-us']);
  await set('production', 'deploy.yml');
  const first = await deployed(OLD, { environment: 'live-us' });
  await deployed(NEW, { environment: 'live-us' });
  const region = 'region: {type: choice, options: [eu, us], default: eu}';
  declareWorkflow(world, region, 'live-${{ inputs.region }}', ['live-eu', 'live-us']);
  const refused = { code: 'invalid_inputs', sentence: expect.stringContaining('in environment;') };
  expect((await page(first))?.allowed).toMatchObject({ allowed: false, refusal: refused });
  await expect(back(first)).rejects.toMatchObject(refused);
  await set('production', 'deploy.yml', { region: 'us', environment: '' });
  expect((await world.look((await back(first)).deploymentId)).status).toBe('building');
});

test.each<[string, inputs: string, environment: string]>([
  [
    'split into two inputs',
    'environment: {type: choice, options: [staging, production]}, region: {type: choice, options: [eu, us], default: eu}',
    '${{ inputs.environment }}-${{ inputs.region }}',
  ],
  ['said by a step alone', 'region: {type: choice, options: [eu, us], default: eu}', 'production'],
])('a place of then that is %s by now is not left to the file’s default', async (_, inputs, environment) => {
  const { world, set, deployed, back, page } = lab;
  const before = 'environment: {type: choice, options: [production-eu, production-us, staging-eu]}';
  declareWorkflow(world, before, '${{ inputs.environment }}');
  await set('production', 'deploy.yml');
  const first = await deployed(OLD, { environment: 'production-us' });
  await deployed(NEW, { environment: 'production-us' });
  declareWorkflow(world, inputs, environment);
  const refused = { code: 'invalid_inputs', sentence: expect.stringContaining('in environment;') };
  expect((await page(first))?.allowed).toMatchObject({ allowed: false, refusal: refused });
  await expect(back(first)).rejects.toMatchObject(refused);
});

test('a choice that says the place is held against the options of its file', async () => {
  const { world, set, deployed, back, page } = lab;
  const stage = 'stage: {type: choice, options: [live-eu, live-us]}';
  declareWorkflow(world, stage, '${{ inputs.stage }}');
  await set('production', 'deploy.yml', { stage: 'live-eu' });
  const first = await deployed(OLD);
  await deployed(NEW);
  await set('production', 'deploy.yml', { stage: 'live-old' });
  const refused = {
    code: 'fixed_unfit',
    sentence: expect.stringContaining('stage: Choose one of the options: live-eu'),
  };
  expect((await page(first))?.allowed).toMatchObject({ allowed: false, refusal: refused });
  await expect(back(first)).rejects.toMatchObject(refused);
});

test('a text that was emptied is not a choice’s first one, and what the console fills in by now is its own', async () => {
  const { world, deployed, back, page } = lab;
  declareWorkflow(world, 'region: {type: string}, aetherstack_marker: {type: string}', 'production');
  const first = await deployed(OLD, { region: '' });
  await deployed(NEW, { region: 'us' });
  declareWorkflow(world, 'region: {type: choice, options: [eu, us], default: eu}', 'production');
  const lost = { code: 'invalid_inputs', sentence: expect.stringContaining('in region;') };
  await world.database.db
    .update(deployments)
    .set({ inputs: { region: '', sha: OLD } })
    .where(eq(deployments.id, first));
  await expect(back(first)).rejects.toMatchObject(lost);
  expect((await page(first))?.allowed).toMatchObject({ allowed: false, refusal: lost });
});

test('deployed again, what settings fixed then and leave open by now goes along as well', async () => {
  const { world, set, deployed } = lab;
  const region = 'region: {type: choice, options: [eu, us], default: eu}';
  declareWorkflow(world, region, 'production');
  await set('production', 'deploy.yml', { region: 'us' });
  const deploymentId = await deployed(NEW);
  await set('production', 'deploy.yml');
  const again = await redeploy(world.as('operator'), { deploymentId, idempotencyKey: 'key-again-1' });
  expect((await world.row(again.deploymentId)).inputs).toEqual({ region: 'us' });
  declareWorkflow(world, 'zone: {type: string}', 'production');
  const lost = redeploy(world.as('operator'), { deploymentId, idempotencyKey: 'key-again-2' });
  await expect(lost).rejects.toMatchObject({ sentence: expect.stringMatching(/in region;.*form of its target/) });
});

test('inputs of then go along where the form of now takes them, and in the own environment', async () => {
  const { world, set, deployed, back } = lab;
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
  const { world, set, deployed, back, page } = lab;
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
  const { world, set, deployed, back, page } = lab;
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
  const { world, set, deployed, back } = lab;
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
  const { world, set, deployed, back } = lab;
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

test('a file that is gone or an input that the form has no more bars no earlier release', async () => {
  const { world, set, deployed, back, page } = lab;
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
  expect((await page(first))?.allowed).toEqual({ allowed: true, refusal: null });
  expect(await world.look((await back(first)).deploymentId)).toMatchObject({
    ...{ status: 'building', sha: OLD, config: { workflow: 'deploy-production.yml' } },
  });
});
