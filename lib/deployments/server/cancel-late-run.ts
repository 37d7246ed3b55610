import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import { emitAudit } from '@/lib/audit/emit';
import type { DbOrTx, ServiceContext, Tx } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { LOCK_PREFIXES } from '@/lib/db/locks';
import { events } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { capability } from '@/lib/providers/port';
import { publish } from '@/lib/realtime/publish';
import type { DeploymentDetail } from '../model/view';
import { requireAllowed } from './access';
import { deploymentFacts } from './gate';
import { mayDo, withProvider } from './read-deployment';
import { lateRunOf } from './read-late-run';
import { readManifest, readRunManifest } from './read-provider';
import { type DeploymentRow, lockDeployment, requireDeployment, requireTarget, slugOf } from './rows';
import { starterOf } from './starter';

type LateRun = NonNullable<DeploymentDetail['lateRun']>;

/**
 * Asks the provider, once, to stop the run that the page shows as late: of two who press at the same moment one is refused.
 * Throws `no_late_run`, `already_cancelling`, `unsupported` and what the provider answers.
 */
export async function cancelLateRun(ctx: ServiceContext, input: { deploymentId: string }): Promise<{ runId: string }> {
  const row = await requireDeployment(ctx.db, input.deploymentId);
  const environment = await slugOf(ctx.db, row);
  requirePermission(ctx.actor, 'deployment.cancel', environment);
  return await ctx.db.transaction(async (tx) => {
    await standAlone(tx, row.id);
    const { runId } = await requireLateRun(ctx, tx, row, environment);
    // Nothing is written before the answer: a transaction that has written holds up the feed of all others.
    const { open, config } = await starterOf(ctx, row);
    await capability(open.provider, 'cancel').cancel(open.context, config, {
      id: runId,
      attempt: row.kind === 'retry' ? row.remoteAttempt : 1,
      url: '',
    });
    const sentence = `${ctx.actor.name} asked the provider to cancel run ${runId}, which had appeared late.`;
    await lockDeployment(tx, row.id);
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
    return { runId };
  });
}

/** A lock that ends with the transaction, and with the process: a claim in a row would stay when its owner died. */
async function standAlone(tx: Tx, deploymentId: string): Promise<void> {
  const key = sql`hashtextextended(${LOCK_PREFIXES.lateRun + deploymentId}, 0)`;
  const { rows } = await tx.execute<{ mine: boolean }>(sql`select pg_try_advisory_xact_lock(${key}) as mine`);
  if (rows[0]?.mine) return;
  throw new ServiceError(
    'conflict',
    'already_cancelling',
    'Somebody else is asking the provider to cancel it at this moment. Wait a few seconds and look again.',
  );
}

/** What the button shows, by the same functions. */
async function requireLateRun(
  ctx: ServiceContext,
  db: DbOrTx,
  row: DeploymentRow,
  environment: string | null,
): Promise<LateRun> {
  const kinds = inArray(events.kind, ['late_run', 'late_run_cancelled']);
  const timeline = await db
    .select()
    .from(events)
    .where(and(eq(events.deploymentId, row.id), kinds))
    .orderBy(asc(events.id));
  const facts = await deploymentFacts(db, row, await requireTarget(db, row.targetId), null);
  const able = withProvider(facts, await readManifest(ctx, row), await readRunManifest(ctx, db, row));
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
