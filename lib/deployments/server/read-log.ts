import 'server-only';
import { and, eq } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { deploymentSteps, deployments } from '@/lib/db/schema';
import { maskSecrets } from '@/lib/kernel/redact';
import { type AnyProvider, capability, type LogChunk, ProviderError } from '@/lib/providers/port';
import { isRun } from '../model/dispatch';
import type { LogView } from '../model/log-view';
import { refOfPublish } from '../model/publish';
import { isTerminal } from '../model/status';
import { asRefusal } from './read-provider';
import { loadTarget, notFound } from './read-scope';
import { starterOf } from './starter';

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
  if (isOfGallery(deployment, input.jobId)) return nothing(NO_LOG);
  const opened = await tryRun(ctx, deployment);
  if ('refusal' in opened) return nothing(opened.refusal.sentence);
  const { provider, context } = opened.open;
  if (deployment.remoteId === null)
    return nothing(`No run at ${provider.manifest.label} belongs to this deployment any more. ${keptFor(provider)}`);
  try {
    const read = capability(provider, 'logs').read;
    const chunk = await wholeLines((cursor) => read(context, opened.config, input.jobId, cursor), input.cursor ?? null);
    const empty = chunk.text === '' && input.cursor === undefined;
    return {
      jobId: input.jobId,
      ...chunk,
      text: maskSecrets(chunk.text),
      notice: empty ? notYet(provider, over) : null,
    };
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    if (error.kind !== 'notFound') return nothing(error.message, input.cursor ?? null);
    return nothing(over ? `The log is no longer there. ${keptFor(provider)}` : notYet(provider, over));
  }
}

const NO_LOG = 'It has no log: the gallery took the package as it was, and no run wrote one.';

/** What stands for the gallery among its jobs; a run that publishes has jobs of its own. */
function isOfGallery({ dispatch, remoteId }: typeof deployments.$inferSelect, jobId: string): boolean {
  const { publish } = dispatch;
  return publish !== undefined && (!isRun(dispatch, remoteId) || jobId === refOfPublish(publish, null).id);
}

/** Where its run is, or why that cannot be opened. */
function tryRun(ctx: ServiceContext, row: typeof deployments.$inferSelect) {
  return starterOf(ctx, row).catch((error: unknown) => ({ refusal: asRefusal(error) }));
}

/** So many pieces are put together for the end of a line; a longer line is cut where it is. */
const MOST_JOINED = 4;

/** One piece, up to the end of a line: what is masked must not be cut in two. */
async function wholeLines(read: (cursor: string | null) => Promise<LogChunk>, from: string | null): Promise<LogChunk> {
  let { text, cursor } = await read(from);
  for (let n = 1; n < MOST_JOINED && text !== '' && !text.endsWith('\n') && cursor !== null; n++) {
    const more = await read(cursor);
    if (more.text === '' || more.cursor === cursor) break;
    text += more.text;
    cursor = more.cursor;
  }
  return { text, cursor };
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
