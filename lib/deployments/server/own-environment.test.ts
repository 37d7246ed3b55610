import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ServiceContext } from '@/lib/auth/context';
import { deployments, environments, targets } from '@/lib/db/schema';
import type { FormField } from '@/lib/providers/port';
import { fixedInputs } from '../model/still-fixed';
import { type EngineWorld, engineWorld } from '../testing/engine-world';
import { redeploy, retryDeployment, rollBack } from './index';
import { composerPlan } from './read-plan';

const PLACE: FormField = {
  ...{ name: 'environment', type: 'environment', description: '', required: true, default: 'staging' },
  options: ['staging', 'production'],
};
const REFUSED = { kind: 'precondition', code: 'other_environment', sentence: expect.stringContaining('production') };

let world: EngineWorld;
beforeEach(async () => {
  world = await engineWorld();
  declare(PLACE);
  const policy = { approvals: 2 };
  await world.database.db.update(environments).set({ policy }).where(eq(environments.slug, 'production'));
});
afterEach(() => world.close());

function declare(field: FormField): void {
  const { workflows } = world.vendor.provider.methods;
  if (!workflows) throw new Error('The scripted provider has a form.');
  const { form } = workflows;
  workflows.form = async (...asked) => {
    const isFixed = Object.hasOwn(fixedInputs(asked[1]), field.name);
    return { ...(await form(...asked)), fields: isFixed ? [] : [field], fixed: isFixed ? [field] : [] };
  };
}

/** Somebody who may deploy to staging and nowhere else. */
function ofStaging(): ServiceContext {
  const { actor, ...rest } = world.as('operator');
  if (actor.kind !== 'user') throw new Error('An operator is a person.');
  return { ...rest, actor: { ...actor, grants: [{ role: 'operator', environmentPattern: 'staging' }] } };
}

const inputsOf = async (id: string) => (await world.row(id)).inputs;
const written = async () => (await world.database.db.select().from(deployments)).length;
const sendAway = (id: string, away: Partial<typeof deployments.$inferInsert> = {}) =>
  world.database.db
    .update(deployments)
    .set({ inputs: { environment: 'production' }, ...away })
    .where(eq(deployments.id, id));

describe('a target that fixes no environment', () => {
  test('deploys to its own, whatever the workflow’s default is, when nothing is said', async () => {
    const { deploymentId } = await world.click({ target: 'production', inputs: {} });
    expect(await inputsOf(deploymentId)).toEqual({ environment: 'production' });
    const own = await world.click({ inputs: { environment: 'staging' }, who: ofStaging() });
    expect(await inputsOf(own.deploymentId)).toEqual({ environment: 'staging' });
  });

  test('is refused for any other, so that nobody gets round what that one asks for, and nothing is written', async () => {
    const away = world.click({ inputs: { environment: 'production' }, who: ofStaging() });
    await expect(away).rejects.toMatchObject(REFUSED);
    expect(await written()).toBe(0);
    declare({ ...PLACE, type: 'string', default: null, options: [] });
    await expect(world.click({ inputs: { environment: 'Production' } })).rejects.toMatchObject({
      code: 'other_environment',
    });
  });

  test('is shown with its own alone in the composer', async () => {
    const plan = await composerPlan(world.as('operator'), { targetId: 'tgt_production', ref: 'main' });
    expect(plan.form?.fields).toMatchObject([{ options: ['production'], default: 'production' }]);
  });

  test('goes to its own also where the workflow falls back to another while the input is empty', async () => {
    const open = { ...PLACE, required: false, default: null, whenEmpty: ['production'] };
    declare({ ...open, options: [] });
    const { deploymentId } = await world.click({ inputs: { environment: '' }, who: ofStaging() });
    expect(await inputsOf(deploymentId)).toEqual({ environment: 'staging' });
    declare({ ...open, options: ['blue', 'green'] });
    await expect(world.click({ inputs: {}, who: ofStaging() })).rejects.toMatchObject(REFUSED);
  });

  test('knows what another target of the connection calls its environment', async () => {
    const config = { repository: 'acme/app', inputs: { environment: 'live' } };
    await world.database.db.update(targets).set({ config }).where(eq(targets.id, 'tgt_production'));
    declare({ ...PLACE, default: null, options: ['live', 'preview'] });
    await expect(world.click({ inputs: { environment: 'live' } })).rejects.toMatchObject({ code: 'other_environment' });
    expect((await world.click({ inputs: { environment: 'preview' } })).outcome).toBe('created');
  });
});

/** A target beside those of the world, of any component, that fixes its environment. */
async function beside(environment: 'staging' | 'production', fixed: string, repository = 'acme/app'): Promise<void> {
  const { db } = world.database;
  const [target] = await db
    .select()
    .from(targets)
    .where(eq(targets.id, `tgt_${environment}`));
  const config = { repository, inputs: { environment: fixed } };
  const label = `${environment}-${repository}`;
  await db.insert(targets).values({ ...(target ?? expect.fail()), id: `tgt_${label}`, label, config });
}

describe('what a neighbour fixes', () => {
  test('in the same environment decides nothing for a target that fixes none: it stays to be chosen', async () => {
    await beside('production', 'api-production');
    await beside('staging', 'api-staging');
    const options = ['api-production', 'api-staging', 'web-production', 'web-staging'];
    declare({ ...PLACE, default: null, options });
    const plan = await composerPlan(world.as('operator'), { targetId: 'tgt_production', ref: 'main' });
    expect(plan.form?.fields).toMatchObject([{ options, default: null }]);
    const click = (inputs: Record<string, string>) => world.click({ target: 'production', inputs });
    await expect(click({})).rejects.toMatchObject({ code: 'invalid_inputs' });
    await expect(click({ environment: 'api-staging' })).rejects.toMatchObject({ code: 'other_environment' });
    const { deploymentId } = await click({ environment: 'web-production' });
    expect(await inputsOf(deploymentId)).toEqual({ environment: 'web-production' });
  });

  test('is no word of another repository', async () => {
    await beside('production', 'dev', 'acme/other');
    declare({ ...PLACE, default: null, options: ['dev', 'prod'] });
    expect((await world.click({ inputs: { environment: 'dev' } })).outcome).toBe('created');
  });

  test('for both environments is refused to neither, in whatever order they were made', async () => {
    await beside('production', 'shared');
    await beside('staging', 'shared', 'Acme/App');
    declare({ ...PLACE, default: null, options: ['shared', 'other'] });
    expect((await world.click({ inputs: { environment: 'shared' } })).outcome).toBe('created');
  });
});

test('what one target fixes opens no other environment to its neighbours', async () => {
  const { db } = world.database;
  const [target] = await db.select().from(targets).where(eq(targets.id, 'tgt_staging'));
  const config = { repository: 'acme/app', inputs: { environment: 'production' } };
  await db.insert(targets).values({ ...(target ?? expect.fail()), id: 'tgt_beside', label: 'beside', config });
  await expect(world.click({ inputs: { environment: 'production' } })).rejects.toMatchObject(REFUSED);
  declare({ ...PLACE, type: 'string', default: null, options: [] });
  await expect(world.click({ inputs: { environment: 'production' } })).rejects.toMatchObject(REFUSED);
});

test('what an administrator fixes counts, whatever it is called', async () => {
  const config = { repository: 'acme/app', inputs: { environment: 'production' } };
  await world.database.db.update(targets).set({ config }).where(eq(targets.id, 'tgt_staging'));
  const { deploymentId } = await world.click({ inputs: {} });
  expect(await inputsOf(deploymentId)).toEqual({});
  expect(await world.look(deploymentId)).toMatchObject({ status: 'building', config });
});

test('what went elsewhere once does not go there again: a roll-back and the same again go to the own one, a re-run is refused', async () => {
  const [old, newer] = ['1'.repeat(40), '2'.repeat(40)];
  world.vendor.history = [old, newer];
  world.vendor.head = old;
  const first = await world.deployed('done', { sha: old, inputs: {} });
  world.vendor.head = newer;
  const live = await world.deployed('done', { sha: newer, inputs: {} });
  await sendAway(first);
  await sendAway(live);
  const who = world.as('operator');
  const back = { targetId: 'tgt_staging', toDeploymentId: first, reason: 'Errors', idempotencyKey: 'key-back-1' };
  const again = await redeploy(who, { deploymentId: live, idempotencyKey: 'key-again-1' });
  expect(await inputsOf(again.deploymentId)).toEqual({ environment: 'staging' });
  const failed = await world.deployed('failed', { inputs: {} });
  await sendAway(failed);
  await expect(retryDeployment(who, { deploymentId: failed })).rejects.toMatchObject(REFUSED);
  const { deploymentId } = await rollBack(who, back);
  expect(await inputsOf(deploymentId)).toEqual({ environment: 'staging' });
});

test('what waited already with another one is not sent by the worker, and says so in the audit', async () => {
  const { deploymentId } = await world.click({ inputs: {} });
  const { environmentInputs: _, ...before } = (await world.row(deploymentId)).dispatch;
  await sendAway(deploymentId, { dispatch: before });
  const row = await world.look(deploymentId);
  expect(row).toMatchObject({ status: 'failed', failureCode: 'other_environment', failureSentence: REFUSED.sentence });
  expect(world.vendor.requests).toBe(0);
  expect(await world.audits('deployment.submit_refused')).toMatchObject([{ code: 'other_environment' }]);
});
