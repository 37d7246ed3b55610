import { and, desc, eq, inArray, isNotNull } from 'drizzle-orm';
import { emitAudit } from '@/lib/audit/emit';
import type { ServiceContext } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { attempts } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { capability } from '@/lib/providers/port';
import { publish } from '@/lib/realtime/publish';
import { requireDeployment, slugOf } from './rows';

/** Asks the provider to stop a run that appeared after its deployment had ended. Throws what the provider answers. */
export async function cancelLateRun(ctx: ServiceContext, input: { deploymentId: string }): Promise<{ runId: string }> {
  const row = await requireDeployment(ctx.db, input.deploymentId);
  const environment = await slugOf(ctx.db, row);
  requirePermission(ctx.actor, 'deployment.cancel', environment);
  const surfaced = and(inArray(attempts.state, ['unknown', 'absent']), isNotNull(attempts.remoteId));
  const [late] = await ctx.db
    .select()
    .from(attempts)
    .where(and(eq(attempts.deploymentId, row.id), surfaced))
    .orderBy(desc(attempts.number))
    .limit(1);
  const runId = late?.remoteId;
  if (!runId)
    throw new ServiceError(
      'precondition',
      'no_late_run',
      'No run of it appeared after it had ended, so there is none to cancel. A deployment on its way is cancelled as such.',
    );
  const { provider, context } = await ctx.openConnection(row.connectionId);
  await capability(provider, 'cancel').cancel(context, row.config, { id: runId, attempt: 1, url: '' });
  const sentence = `${ctx.actor.name} asked the provider to cancel run ${runId}, which had appeared late.`;
  await ctx.db.transaction(async (tx) => {
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
