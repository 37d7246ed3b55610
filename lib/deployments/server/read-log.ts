import 'server-only';
import { and, eq } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { deploymentSteps, deployments } from '@/lib/db/schema';
import { type AnyProvider, capability, ProviderError } from '@/lib/providers/port';
import { isTerminal } from '../model/status';
import type { LogView } from '../model/view';
import { tryOpen } from './read-provider';
import { loadTarget, notFound } from './read-scope';

export interface LogInput {
  deploymentId: string;
  jobId: string;
  cursor?: string | undefined;
}

/** One piece of a job's log; read on from `cursor`. The job must belong to the deployment, or it is `notFound`. */
export async function readLog(ctx: ServiceContext, input: LogInput): Promise<LogView> {
  const { deployment, over } = await loadJob(ctx, input);
  const nothing = (notice: string, cursor: string | null = null): LogView => ({
    jobId: input.jobId,
    text: '',
    cursor,
    notice,
  });
  const opened = await tryOpen(ctx, deployment.connectionId);
  if (!opened.ok) return nothing(opened.refusal.sentence);
  const { provider, context } = opened.open;
  if (deployment.remoteId === null)
    return nothing(`No run at ${provider.manifest.label} belongs to this deployment any more. ${keptFor(provider)}`);
  try {
    const read = capability(provider, 'logs').read;
    const chunk = await read(context, deployment.config, input.jobId, input.cursor ?? null);
    const empty = chunk.text === '' && input.cursor === undefined;
    return { jobId: input.jobId, ...chunk, notice: empty ? notYet(provider, over) : null };
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    if (error.kind !== 'notFound') return nothing(error.message, input.cursor ?? null);
    return nothing(over ? `The log is no longer there. ${keptFor(provider)}` : notYet(provider, over));
  }
}

async function loadJob(ctx: ServiceContext, input: LogInput) {
  const [row] = await ctx.db
    .select({ deployment: deployments, status: deploymentSteps.status })
    .from(deploymentSteps)
    .innerJoin(deployments, eq(deployments.id, deploymentSteps.deploymentId))
    .where(and(eq(deploymentSteps.deploymentId, input.deploymentId), eq(deploymentSteps.jobId, input.jobId)))
    .orderBy(deploymentSteps.number)
    .limit(1);
  if (!row) throw notFound('log');
  await loadTarget(ctx, row.deployment.targetId);
  const over = isTerminal(row.deployment.status) || !['queued', 'running', 'unrecognised'].includes(row.status);
  return { deployment: row.deployment, over };
}

function notYet(provider: AnyProvider, over: boolean): string {
  if (over) return 'This job wrote nothing.';
  const mode = provider.manifest.capabilities.logs?.mode;
  return mode === 'archive'
    ? 'The log appears when this job has ended.'
    : 'The log appears when this job writes its first line.';
}

function keptFor(provider: AnyProvider): string {
  const days = provider.manifest.capabilities.logs?.retentionDays;
  return days
    ? `${provider.manifest.label} keeps logs for ${days} days.`
    : `${provider.manifest.label} decides how long it keeps logs.`;
}
