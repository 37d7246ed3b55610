import type { z } from 'zod';
import type { ServiceContext } from '@/lib/auth/context';
import { requireAnywhere } from '@/lib/auth/require';
import { capability, type Repository, type WorkflowFile } from '@/lib/providers/port';
import type { connectionRef, listWorkflowsInput } from '../model/schemas';

/** What the credential can see, for the target form. Costs provider quota. */
export async function listRepositories(
  ctx: ServiceContext,
  input: z.output<typeof connectionRef>,
): Promise<Repository[]> {
  requireAnywhere(ctx.actor, 'target.manage');
  const { provider, context } = await ctx.openConnection(input.id);
  return await capability(provider, 'source').repositories(context);
}

/** The workflow files of one repository, for the target form. Costs provider quota. */
export async function listWorkflows(
  ctx: ServiceContext,
  input: z.output<typeof listWorkflowsInput>,
): Promise<WorkflowFile[]> {
  requireAnywhere(ctx.actor, 'target.manage');
  const { provider, context } = await ctx.openConnection(input.id);
  return await capability(provider, 'workflows').list(context, input.repository);
}
