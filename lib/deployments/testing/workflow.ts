import { eq } from 'drizzle-orm';
import { targets } from '@/lib/db/schema';
import { undeclared, warnUndeclared } from '@/lib/providers/github/fixed-inputs';
import { comesTo, leadsTo } from '@/lib/providers/github/leads-to';
import { formFrom } from '@/lib/providers/github/workflow-form';
import type { InputValue } from '@/lib/providers/port';
import { fixedInputs } from '../model/still-fixed';
import type { EngineWorld } from './engine-world';

const SOURCE = { path: 'deploy.yml', sha: 'a'.repeat(40), url: '' };

/** The workflow of all targets, in GitHub's words: what it declares (beside `sha`), and where its one job runs. */
export function declareWorkflow(world: EngineWorld, inputs: string, environment: string, offers: string[] = []): void {
  declareJobs(world, inputs, `{a: {environment: ${JSON.stringify(environment)}}}`, offers);
}

/** The same with all its `jobs`. */
export function declareJobs(world: EngineWorld, inputs: string, jobs: string, offers: string[] = []): void {
  const { workflows } = world.vendor.provider.methods;
  if (!workflows) throw new Error('The scripted provider has a form.');
  const text = `on: {workflow_dispatch: {inputs: {sha: {}, ${inputs}}}}\njobs: ${jobs}`;
  workflows.form = async (_, config) => {
    const fixed = fixedInputs(config);
    const form = formFrom(text, { ...SOURCE, digest: world.vendor.file }, offers, Object.keys(fixed));
    return warnUndeclared(form, { inputs: fixed }, undeclared(text, { workflow: SOURCE.path, inputs: fixed }));
  };
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
