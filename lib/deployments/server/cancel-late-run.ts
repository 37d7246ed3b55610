import { and, asc, eq, inArray } from 'drizzle-orm';
import { emitAudit } from '@/lib/audit/emit';
import type { DbOrTx, ServiceContext } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { events } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { capability } from '@/lib/providers/port';
import { publish } from '@/lib/realtime/publish';
import type { DeploymentDetail } from '../model/view';
import { requireAllowed } from './access';
import { deploymentFacts } from './gate';
import { mayDo, withProvider } from './read-deployment';
import { lateRunOf } from './read-late-run';
import { readManifest } from './read-provider';
import { type DeploymentRow, lockDeployment, requireDeployment, requireTarget, slugOf } from './rows';

type LateRun = NonNullable<DeploymentDetail['lateRun']>;

/**
 * Asks the provider, once, to stop the run that the page shows as late. Throws `no_late_run`, `already_cancelling`,
 * `unsupported` and what the provider answers.
 */
export async function cancelLateRun(ctx: ServiceContext, input: { deploymentId: string }): Promise<{ runId: string }> {
  const row = await requireDeployment(ctx.db, input.deploymentId);
  const environment = await slugOf(ctx.db, row);
  requirePermission(ctx.actor, 'deployment.cancel', environment);
  const { runId } = await requireLateRun(ctx, ctx.db, row, environment);
  const { provider, context } = await ctx.openConnection(row.connectionId);
  await capability(provider, 'cancel').cancel(context, row.config, { id: runId, attempt: 1, url: '' });
  const sentence = `${ctx.actor.name} asked the provider to cancel run ${runId}, which had appeared late.`;
  await ctx.db.transaction(async (tx) => {
    await lockDeployment(tx, row.id);
    // Of two who asked at the same moment one is told; that it was asked twice does no harm.
    await requireLateRun(ctx, tx, row, environment, runId);
    await publish(tx, {
      topic: 'deployment',
      kind: 'late_run_cancelled',
      deploymentId: row.id,
      targetId: row.targetId,
      actorName: ctx.actor.name,
      data: { sentence, remoteId: runId },
    });
    await emitAudit(tx, ctx, {
      action: 'deployment.cancel-late-run',
      resource: { kind: 'deployment', id: row.id },
      environment,
      outcome: 'done',
      sentence: `#${row.number}: ${sentence}`,
      data: { remoteId: runId },
    });
  });
  return { runId };
}

/** What the button shows, by the same functions; `runId`: that one, although another may have appeared since. */
async function requireLateRun(
  ctx: ServiceContext,
  db: DbOrTx,
  row: DeploymentRow,
  environment: string | null,
  runId?: string,
): Promise<LateRun> {
  const kinds = inArray(events.kind, ['late_run', 'late_run_cancelled']);
  const told = await db
    .select()
    .from(events)
    .where(and(eq(events.deploymentId, row.id), kinds))
    .orderBy(asc(events.id));
  const timeline = runId === undefined ? told : told.filter((each) => each.data.remoteId === runId);
  const facts = await deploymentFacts(db, row, await requireTarget(db, row.targetId), null);
  const able = withProvider(facts, await readManifest(ctx, row));
  const late = lateRunOf(timeline, able, mayDo(ctx, environment ?? ''));
  if (!late)
    throw new ServiceError(
      'precondition',
      'no_late_run',
      'No run of it appeared after it had ended, so there is none to cancel. A deployment on its way is cancelled as such.',
    );
  requireAllowed(late.cancel);
  return late;
}
