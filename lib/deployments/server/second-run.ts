import { setTimeout as wait } from 'node:timers/promises';
import { and, eq, inArray, sql } from 'drizzle-orm';
import { emitAudit } from '@/lib/audit/emit';
import type { DbOrTx, ServiceContext } from '@/lib/auth/context';
import { attempts, events } from '@/lib/db/schema';
import { capability, ProviderError, type RemoteRef } from '@/lib/providers/port';
import { publish } from '@/lib/realtime/publish';
import { type AttemptRow, type DeploymentRow, environmentSlugOf, loadDeployment } from './rows';
import { starterOf } from './starter';
import { asProviderError } from './trouble';

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

/**
 * A process that stood still sent after others had proven absence: its run is stopped, and everybody can read so. Whoever dies
 * between the two leaves an attempt in state `second`, see `callOffLeft`.
 */
export async function callOff(ctx: ServiceContext, row: DeploymentRow, ref: RemoteRef): Promise<void> {
  await tellOnce(ctx, row, ref);
  const { open, config } = await starterOf(ctx, row);
  const { cancel } = open.provider.methods;
  try {
    await cancel?.cancel(open.context, config, ref);
  } catch (error) {
    // It has ended, say: asking again would change nothing.
    if (error instanceof ProviderError && error.kind === 'rejected') await settled(ctx.db, row, ref);
    throw error;
  }
  await ctx.db.transaction(async (tx) => {
    await settled(tx, row, ref);
    // Whoever looks for late runs may tell of it too, before or after: then nobody need have it cancelled once more.
    if (cancel)
      await publish(tx, {
        topic: 'deployment',
        kind: 'late_run_cancelled',
        deploymentId: row.id,
        targetId: row.targetId,
        actorName: ctx.actor.name,
        data: { sentence: `The provider was asked to cancel run ${ref.id}.`, remoteId: ref.id },
      });
  });
}

function settled(db: DbOrTx, row: DeploymentRow, ref: RemoteRef) {
  const its = and(eq(attempts.deploymentId, row.id), eq(attempts.remoteId, ref.id), eq(attempts.state, 'second'));
  return db.update(attempts).set({ state: 'accepted' }).where(its);
}

async function tellOnce(ctx: ServiceContext, row: DeploymentRow, ref: RemoteRef): Promise<void> {
  const sentence = `A second run, ${ref.id}, was started by a process that had stood still; it is being cancelled. Look at it at the provider.`;
  const environment = await environmentSlugOf(ctx, row.id);
  const said = and(
    eq(events.deploymentId, row.id),
    eq(events.kind, 'second_run'),
    sql`${events.data}->>'remoteId' = ${ref.id}`,
  );
  await ctx.db.transaction(async (tx) => {
    if ((await tx.$count(events, said)) > 0) return;
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
}

const AT_ONCE = 20;

/** Whoever found it calls it off within moments, unless they died, or the provider did not take the cancel. */
const left = sql`
  select id from ${attempts}
  where state = 'second' and answered_at < now() - interval '5 seconds' and answered_at > now() - interval '1 hour'
    and (sought_at is null or sought_at < now() - interval '10 seconds')
  order by answered_at limit ${AT_ONCE} for update skip locked`;

/** Calls off second runs that are still not called off. One statement claims them, so several instances share the work. */
export async function callOffLeft(ctx: ServiceContext): Promise<number> {
  const claimed = await ctx.db
    .update(attempts)
    .set({ soughtAt: sql`now()` })
    .where(inArray(attempts.id, sql`(${left})`))
    .returning({ deploymentId: attempts.deploymentId, remoteId: attempts.remoteId });
  for (const { deploymentId, remoteId } of claimed) {
    const row = await loadDeployment(ctx.db, deploymentId);
    try {
      if (row && remoteId) await callOff(ctx, row, { id: remoteId, attempt: 1, url: '' });
    } catch (error) {
      // A bug is thrown on; with trouble it is called off at its next time.
      asProviderError(error);
    }
  }
  return claimed.length;
}
