// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are the vendor's expressions and must stay text.
import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { environments, targets } from '@/lib/db/schema';
import type { InputValue } from '@/lib/providers/port';
import { type EngineWorld, engineWorld } from '../testing/engine-world';
import { declareJobs, fixInputs } from '../testing/workflow';
import { redeploy, retryDeployment, rollBack } from './index';

let world: EngineWorld;
beforeEach(async () => {
  world = await engineWorld();
});
afterEach(() => world.close());

type Where = 'staging' | 'production';
type Inputs = Record<string, InputValue>;

const workflow = (jobs: string, inputs = 'stage: {type: string}') => declareJobs(world, inputs, jobs);
const click = (inputs: Inputs = {}, target: Where = 'staging') => world.click({ target, inputs });
const created = async (inputs?: Inputs, target?: Where) =>
  expect((await click(inputs, target)).outcome).toBe('created');
const refused = (sentence: RegExp, inputs?: Inputs, target?: Where) =>
  expect(click(inputs, target)).rejects.toMatchObject({
    ...{ kind: 'precondition', code: 'other_environment', sentence: expect.stringMatching(sentence) },
  });

const BY_FILE =
  /This target is staging, and the job “live” of deploy\.yml would run in “production”, whatever is filled in: .*“if:” on an input, or staging a workflow of its own/;
const BOTH = '{test: {environment: staging}, live: {environment: production}}';
const FROM_INPUT = '{test: {environment: staging}, live: {if: "inputs.stage == \'prod\'", environment: production}}';

describe('a job whose file names another environment itself', () => {
  test('is refused, also beside one of the own, and says which job of which file it is', async () => {
    workflow(BOTH);
    await refused(BY_FILE);
    await refused(
      /This target is production, and the job “test” of deploy\.yml would run in “staging”/,
      {},
      'production',
    );
    workflow('{live: {environment: {name: PRODUCTION}}}');
    await refused(/would run in “PRODUCTION”/);
    await created({}, 'production');
    workflow('{live: {environment: "${{ \'production\' }}"}}');
    await refused(BY_FILE);
  });

  test('is nobody’s where no environment of ours is called so', async () => {
    workflow('{pages: {environment: github-pages}, test: {environment: staging}}');
    await created();
    await refused(/“test”/, {}, 'production');
    await world.database.db
      .update(environments)
      .set({ name: 'github-pages' })
      .where(eq(environments.slug, 'production'));
    await refused(/the job “pages” of deploy\.yml would run in “github-pages”/);
  });

  test('is another’s where its target says so to a workflow of its own', async () => {
    workflow('{a: {environment: prd}}');
    await created();
    const config = { repository: 'acme/app', workflow: 'live.yml', inputs: { environment: 'prd' } };
    await world.database.db.update(targets).set({ config }).where(eq(targets.id, 'tgt_production'));
    await refused(/would run in production \(“prd”\)/);
  });

  test('is left to settings that name that very environment', async () => {
    workflow("{live: {environment: production}, a: {environment: '${{ inputs.stage }}'}}");
    await fixInputs(world, 'staging', { stage: 'staging' });
    await refused(BY_FILE);
    await fixInputs(world, 'staging', { stage: 'production' });
    await created();
  });
});

describe('a job of another environment that an “if:” chooses', () => {
  test('is refused where what is sent lets it run', async () => {
    workflow(FROM_INPUT);
    await created({ stage: 'test' });
    await refused(
      /with these inputs, from this branch or tag, the job “live” of deploy\.yml would run in “production”/,
      {
        stage: 'prod',
      },
    );
  });

  test('by the branch or tag: the sentence says nothing of inputs', async () => {
    workflow('{live: {if: "github.ref_name == \'main\'", environment: production}}');
    await refused(/from this branch or tag the job “live” of deploy\.yml would run in “production”\. Choose a branch/);
  });

  test('passes where that is not known', async () => {
    workflow('{live: {if: "vars.LIVE == \'yes\'", environment: production}}');
    await created();
  });
});

test('what went before is not sent there: as a roll-back, the same again, or a re-run', async () => {
  workflow('{test: {environment: staging}}');
  const first = await world.deployed('done', { inputs: {} });
  await world.deployed('done', { inputs: {} });
  workflow(BOTH);
  const who = world.as('operator');
  const back = { targetId: 'tgt_staging', toDeploymentId: first, reason: 'Errors', idempotencyKey: 'key-back-1' };
  const sentence = expect.stringMatching(BY_FILE);
  await expect(rollBack(who, back)).rejects.toMatchObject({ code: 'other_environment', sentence });
  const again = { deploymentId: first, idempotencyKey: 'key-again-1' };
  await expect(redeploy(who, again)).rejects.toMatchObject({ code: 'other_environment', sentence });
});

describe('an environment that is called so since', () => {
  const rename = () =>
    world.database.db.update(environments).set({ name: 'Live-1' }).where(eq(environments.slug, 'production'));

  test('keeps a re-run from going there', async () => {
    workflow('{a: {environment: live-1}}');
    const failed = await world.deployed('failed', { inputs: {} });
    await rename();
    await expect(retryDeployment(world.as('operator'), { deploymentId: failed })).rejects.toMatchObject({
      ...{ code: 'other_environment', sentence: expect.stringMatching(/the job “a” of deploy\.yml would run in/) },
    });
  });

  test('keeps what waits from being sent', async () => {
    workflow('{a: {environment: live-1}}');
    const { deploymentId } = await click();
    await rename();
    const before = world.vendor.requests;
    const row = await world.look(deploymentId);
    expect(row).toMatchObject({ status: 'failed', failureCode: 'other_environment' });
    expect(world.vendor.requests).toBe(before);
  });
});

test('a file that names another environment since is not sent', async () => {
  workflow('{test: {environment: staging}}');
  const { deploymentId } = await click();
  workflow(BOTH);
  world.vendor.file = 'd'.repeat(64);
  const row = await world.look(deploymentId);
  expect(row).toMatchObject({ status: 'failed', failureCode: 'form_changed' });
  expect(row.failureSentence).toMatch(BY_FILE);
  expect(world.vendor.requests).toBe(0);
});
