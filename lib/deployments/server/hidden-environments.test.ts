import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { deployments } from '@/lib/db/schema';
import type { FormField } from '@/lib/providers/port';
import { type EngineWorld, engineWorld } from '../testing/engine-world';
import { composerPlan } from './read-plan';

/** As the form has it where the provider shows no environments of the repository. */
const HIDDEN: FormField = {
  ...{ name: 'environment', type: 'environment', description: '', required: true, default: 'staging' },
  options: [],
};

let world: EngineWorld;
beforeAll(async () => {
  world = await engineWorld();
  const { workflows } = world.vendor.provider.methods;
  if (!workflows) throw new Error('The scripted provider has a form.');
  const { form } = workflows;
  workflows.form = async (...asked) => ({ ...(await form(...asked)), fields: [HIDDEN] });
});
afterAll(() => world.close());

test('where no environments are shown a target goes to its own, and to no other of ours', async () => {
  const plan = await composerPlan(world.as('operator'), { targetId: 'tgt_production', ref: 'main' });
  expect(plan.form?.fields).toMatchObject([{ options: [], default: 'production' }]);
  for (const away of ['staging', 'Staging'])
    await expect(world.click({ target: 'production', inputs: { environment: away } })).rejects.toMatchObject({
      code: 'other_environment',
    });
  expect(await world.database.db.select().from(deployments)).toEqual([]);
  const { deploymentId } = await world.click({ target: 'production', inputs: {} });
  const [row] = await world.database.db.select().from(deployments).where(eq(deployments.id, deploymentId));
  expect(row?.inputs).toEqual({ environment: 'production' });
});
