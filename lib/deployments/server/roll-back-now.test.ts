// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are the vendor's expressions and must stay text.
import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { targets } from '@/lib/db/schema';
import { makeConnection } from '@/lib/db/testing/factories';
import { backWorld, ENVIRONMENT, NEW, OLD } from '../testing/back-world';
import { declareWorkflow } from '../testing/workflow';
import { redeploy, retryDeployment } from './index';

let lab: Awaited<ReturnType<typeof backWorld>>;
beforeEach(async () => {
  lab = await backWorld();
});
afterEach(() => lab.world.close());

/** Both went by one file, and Production has one of its own since. */
async function splitOff(): Promise<string> {
  const { world, set, deployed } = lab;
  declareWorkflow(world, ENVIRONMENT, '${{ inputs.environment }}', ['staging', 'production']);
  await set('staging', 'deploy.yml', { environment: 'staging' });
  await set('production', 'deploy.yml', { environment: 'production' });
  const first = await deployed(OLD);
  await deployed(NEW);
  await set('production', 'deploy-production.yml', { environment: 'production' });
  return first;
}

test('of two buttons for an older commit one goes: a roll-back with the settings of now, as the other one says', async () => {
  const { world, back } = lab;
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

test('the page says so before the press, and the audit line after it', async () => {
  const { world, back, page } = lab;
  const first = await splitOff();
  const chosen = await page(first);
  expect(chosen?.allowed).toEqual({ allowed: true, refusal: null });
  expect(chosen?.sideEffects.join(' ')).toMatch(/settings have changed since: it runs with today’s/);
  await back(first);
  expect(await world.audits('deployment.request.rollback')).toMatchObject([
    {
      sentence: expect.stringMatching(
        /Errors The target’s settings have changed since then: it goes with those of now\./,
      ),
      data: { settingsOf: 'now' },
    },
  ]);
});

test('where the settings are those of then, nothing of that is said', async () => {
  const { world, deployed, back, page } = lab;
  declareWorkflow(world, ENVIRONMENT, '${{ inputs.environment }}', ['staging', 'production']);
  const first = await deployed(OLD);
  await deployed(NEW);
  expect((await page(first))?.sideEffects.join(' ')).toContain('settings are those of then');
  await back(first);
  const [line] = await world.audits('deployment.request.rollback');
  expect(line?.sentence).not.toContain('settings of now');
  expect(line?.data).not.toHaveProperty('settingsOf');
});

test('it goes where the target goes now, though the file of then is still there', async () => {
  const { world, set, deployed, back } = lab;
  declareWorkflow(world, ENVIRONMENT, '${{ inputs.environment }}', ['production']);
  await set('production', 'old-cluster.yml', { environment: 'production' });
  const first = await deployed(OLD);
  await set('production', 'new-cluster.yml', { environment: 'production' });
  await deployed(NEW);
  const row = await world.look((await back(first)).deploymentId);
  expect(row).toMatchObject({ status: 'building', sha: OLD, config: { workflow: 'new-cluster.yml' } });
});

test('a workflow that cannot be told the commit is said on the page, and what to add to it', async () => {
  const { world, set, deployed, back, page } = lab;
  declareWorkflow(world, ENVIRONMENT, '${{ inputs.environment }}', ['production']);
  await set('production', 'deploy.yml', { environment: 'production' });
  const first = await deployed(OLD);
  await deployed(NEW);
  const { workflows } = world.vendor.provider.methods;
  const form = workflows?.form ?? expect.fail();
  Object.assign(workflows ?? {}, {
    form: async (...asked: Parameters<typeof form>) => {
      const read = await form(...asked);
      return read && { ...read, reserved: { ...read.reserved, sha: null } };
    },
  });
  const way = /let the workflow declare an input named sha\.$/;
  const refused = { code: 'ref_changed', sentence: expect.stringMatching(way) };
  expect((await page(first))?.allowed).toMatchObject({ allowed: false, refusal: refused });
  await expect(back(first)).rejects.toMatchObject(refused);
});

test('what its server keeps is served, and the page says so, where the settings are those of then', async () => {
  const { world, set, deployed, back, page } = lab;
  world.vendor.provider.manifest.capabilities.rollback = { how: 'redeploy' };
  declareWorkflow(world, 'aetherstack_kept: {type: string}', 'production');
  const first = await deployed(OLD);
  await deployed(NEW);
  expect(await page(first)).toMatchObject({ how: 'repoint-or-redeploy' });
  const { inputs } = await world.row((await back(first)).deploymentId);
  expect(inputs).toEqual({ aetherstack_kept: '1000-1' });
  await set('production', 'other.yml');
  expect(await page(first)).toMatchObject({ how: 'redeploy' });
});

test('a target that moved to another account goes by the same rules, and nothing is live for it there yet', async () => {
  const { world, set, deployed, back, page } = lab;
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

test('going back to what with the settings of now is what is live is refused', async () => {
  const { world, set, deployed, back, page } = lab;
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
  const { world, set, deployed, back, page } = lab;
  declareWorkflow(world, 'stage: {type: string}', "${{ inputs.stage == 'prod' && 'live' || 'qa' }}");
  await set('production', 'deploy.yml');
  const first = await deployed(OLD, { stage: 'prod' });
  await deployed(NEW, { stage: 'prod' });
  await set('staging', 'deploy.yml', { stage: 'prod' });
  const way = /^This target is production.*staging.* What you deploy \(to nothing.*\), then roll back once more\.$/;
  const refused = { code: 'other_environment', sentence: expect.stringMatching(way) };
  expect((await page(first))?.allowed).toMatchObject({ allowed: false, refusal: refused });
  await expect(back(first)).rejects.toMatchObject(refused);
  await set('production', 'deploy.yml', { stage: 'test' });
  expect((await page(first))?.allowed).toMatchObject({ allowed: true });
  expect(await world.look((await back(first)).deploymentId)).toMatchObject({ status: 'building', inputs: {} });
});

test('a roll-back that failed is not run again by settings of then, and is told to be pressed once more', async () => {
  const { world, set, deployed, back } = lab;
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
