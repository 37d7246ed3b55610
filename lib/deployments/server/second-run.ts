import { setTimeout as wait } from 'node:timers/promises';
import { emitAudit } from '@/lib/audit/emit';
import type { ServiceContext } from '@/lib/auth/context';
import { capability, type RemoteRef } from '@/lib/providers/port';
import { publish } from '@/lib/realtime/publish';
import { type AttemptRow, type DeploymentRow, environmentSlugOf } from './rows';
import { starterOf } from './starter';

/** Well within the fifteen seconds for which two runs may go on; a run is usually listed at once. */
const SEEK_EVERY_MS = 1_500;
const SEEK_TIMES = 8;

/**
 * The run of a request that left, perhaps, after its lease: asked of the provider for twelve seconds. Trouble with the
 * provider counts as "not seen".
 */
export async function seekLateRun(
  ctx: ServiceContext,
  row: DeploymentRow,
  attempt: AttemptRow,
): Promise<RemoteRef | null> {
  if (row.kind === 'retry' || !row.dispatch.findable) return null;
  const { open, config } = await starterOf(ctx, row);
  const { findByMarker } = capability(open.provider, 'deploy');
  for (let tries = 0; tries < SEEK_TIMES; tries++) {
    if (tries > 0) await wait(SEEK_EVERY_MS);
    const found = await findByMarker(open.context, config, attempt.marker, attempt.sentAt.getTime()).catch(() => null);
    if (found) return found;
  }
  return null;
}

/** A process that stood still sent after others had proven absence: its run is stopped, and everybody can read so. */
export async function callOff(ctx: ServiceContext, row: DeploymentRow, ref: RemoteRef): Promise<void> {
  const sentence = `A second run, ${ref.id}, was started by a process that had stood still; it is being cancelled. Look at it at the provider.`;
  const environment = await environmentSlugOf(ctx, row.id);
  await ctx.db.transaction(async (tx) => {
    await publish(tx, {
      topic: 'deployment',
      kind: 'second_run',
      deploymentId: row.id,
      targetId: row.targetId,
      actorName: ctx.actor.name,
      data: { sentence, remoteId: ref.id },
    });
    await emitAudit(tx, ctx, {
      action: 'deployment.second_run',
      resource: { kind: 'deployment', id: row.id },
      environment,
      outcome: 'failed',
      code: 'second_run',
      sentence: `#${row.number}: ${sentence}`,
      data: { remoteId: ref.id },
    });
  });
  const { open, config } = await starterOf(ctx, row);
  if (!open.provider.methods.cancel) return;
  await open.provider.methods.cancel.cancel(open.context, config, ref);
  // Whoever looks for late runs may tell of it too, before or after: then nobody need have it cancelled once more.
  await ctx.db.transaction((tx) =>
    publish(tx, {
      topic: 'deployment',
      kind: 'late_run_cancelled',
      deploymentId: row.id,
      targetId: row.targetId,
      actorName: ctx.actor.name,
      data: { sentence: `The provider was asked to cancel run ${ref.id}.`, remoteId: ref.id },
    }),
  );
}
