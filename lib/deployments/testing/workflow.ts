import { eq } from 'drizzle-orm';
import { targets } from '@/lib/db/schema';
import { comesTo, leadsTo } from '@/lib/providers/github/leads-to';
import { formFrom } from '@/lib/providers/github/workflow-form';
import type { InputValue } from '@/lib/providers/port';
import type { EngineWorld } from './engine-world';

const SOURCE = { path: 'deploy.yml', sha: 'a'.repeat(40), url: '' };

/** The workflow of all targets, in GitHub's words: what it declares (beside `sha`), and where its one job runs. */
export function declareWorkflow(world: EngineWorld, inputs: string, environment: string, offers: string[] = []): void {
  const { workflows } = world.vendor.provider.methods;
  if (!workflows) throw new Error('The scripted provider has a form.');
  const text = `on: {workflow_dispatch: {inputs: {sha: {}, ${inputs}}}}\njobs: {a: {environment: ${JSON.stringify(environment)}}}`;
  workflows.form = async (_, config) =>
    formFrom(text, { ...SOURCE, digest: world.vendor.file }, offers, Object.keys((config.inputs ?? {}) as object));
  Object.assign(workflows, { leadsTo, comesTo });
}

/** What the target of an environment fixes, in the repository of all. */
export async function fixInputs(
  world: EngineWorld,
  target: 'staging' | 'production',
  inputs: Record<string, InputValue>,
  repository = 'acme/app',
): Promise<void> {
  const config = { repository, inputs };
  await world.database.db
    .update(targets)
    .set({ config })
    .where(eq(targets.id, `tgt_${target}`));
}
