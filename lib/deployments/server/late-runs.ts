import { and, eq, inArray, isNull, sql } from 'drizzle-orm';
import type { ServiceContext, Tx } from '@/lib/auth/context';
import { attempts, deployments } from '@/lib/db/schema';
import { capability, type RemoteRef } from '@/lib/providers/port';
import { STATUS_VIEW } from '../model/status';
import { eachOf } from './each-of';
import { findRerun } from './find-rerun';
import { type DeploymentRow, loadDeployment, lockDeployment } from './rows';
import { starterOf } from './starter';
import { tellRun } from './tell-run';
import { asProviderError } from './trouble';

const AT_ONCE = 20;
/** How long after a look the next one is due; `d` is the deployment that has ended. */
const PACE = sql`greatest(interval '15 seconds', (now() - d.finished_at) / 4)`;

/**
 * Ended without a run that anybody saw, although a request of it left: cancelled or rejected when it was back in the
 * queue, say. Its run may still appear. Soon after the end it is looked for every 15 s, then ever less, for a day. A re-run
 * is known by the number that it asked for, so one whose number another deployment has or may still get is left alone.
 * So is, for an hour, the run of a request whose absence was proven: its process may have slept, sent, and died.
 */
const due = sql`
  select a.id from ${attempts} a join ${deployments} d on d.id = a.deployment_id
  where a.state in ('unknown','absent') and a.remote_id is null and a.sent_at > now() - interval '7 days'
    and (d.kind = 'retry' or (d.dispatch->>'findable')::boolean)
    and ((d.started_at is null and d.status in ('cancelled','rejected','superseded','timed_out','failed','errored'))
      or (a.state = 'absent' and d.kind <> 'retry' and d.finished_at > now() - interval '1 hour'))
    and (d.kind <> 'retry' or not exists (
      select from ${deployments} o where o.connection_id = d.connection_id and o.remote_id = d.remote_id
        and o.remote_attempt = d.remote_attempt and o.id <> d.id and (o.started_at is not null or o.finished_at is null)))
    and d.finished_at > now() - interval '1 day'
    and (a.sought_at is null or a.sought_at < now() - ${PACE})
  order by a.sought_at + ${PACE} nulls first, a.sent_at limit ${AT_ONCE} for update of a skip locked`;

/** One statement claims what is due, so several instances share the work. Returns how many were looked for. */
export async function seekLateRuns(ctx: ServiceContext): Promise<number> {
  const claimed = await ctx.db
    .update(attempts)
    .set({ soughtAt: sql`now()` })
    .where(inArray(attempts.id, sql`(${due})`))
    .returning({ id: attempts.id, deploymentId: attempts.deploymentId, marker: attempts.marker, at: attempts.sentAt });
  await eachOf(claimed, 'a late run could not be looked for', async (attempt) => {
    const row = await loadDeployment(ctx.db, attempt.deploymentId);
    if (row) await seek(ctx, row, attempt);
  });
  return claimed.length;
}

async function seek(ctx: ServiceContext, row: DeploymentRow, attempt: { id: string; marker: string; at: Date }) {
  try {
    const { open, config } = await starterOf(ctx, row, 'watch');
    const late =
      row.kind === 'retry'
        ? await findRerun(open, row)
        : await capability(open.provider, 'deploy').findByMarker(
            open.context,
            config,
            attempt.marker,
            attempt.at.getTime(),
          );
    if (late && (row.kind === 'retry' || late.id !== row.remoteId)) await foundLate(ctx, row.id, attempt.id, late);
  } catch (error) {
    // A bug is thrown on; with trouble it is looked for again at its next time. What was held back was no look.
    if (asProviderError(error).kind === 'rateLimited') await makeUpFor(ctx, attempt.id);
  }
}

/** Due again in half a minute, after those that are due before. */
function makeUpFor(ctx: ServiceContext, attemptId: string) {
  return ctx.db.execute(sql`
    update ${attempts} a set sought_at = now() - ${PACE} + interval '30 seconds'
    from ${deployments} d where d.id = a.deployment_id and a.id = ${attemptId}`);
}

async function foundLate(ctx: ServiceContext, id: string, attemptId: string, ref: RemoteRef): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    const row = await lockDeployment(tx, id);
    if (row) await recordLateRun(tx, ctx, row, attemptId, ref);
  });
}

/**
 * Told once, on the deployment, in the audit log and to whoever is told what needs a person. Nothing is stopped by itself.
 * The deployment has ended, and the caller holds its row.
 */
export async function recordLateRun(
  tx: Tx,
  ctx: ServiceContext,
  row: DeploymentRow,
  attemptId: string,
  ref: RemoteRef,
): Promise<void> {
  const [news] = await tx
    .update(attempts)
    .set({ state: 'unknown', remoteId: ref.id, answeredAt: sql`now()` })
    .where(and(eq(attempts.id, attemptId), isNull(attempts.remoteId)))
    .returning({ id: attempts.id });
  if (!news) return;
  const ended = STATUS_VIEW[row.status].label.toLowerCase();
  const run = row.kind === 'retry' ? `Run ${ref.id}, attempt ${row.remoteAttempt},` : `Run ${ref.id}`;
  const sentence = `${run} of this deployment appeared at the provider after it had ended here (${ended}). It may go live: look at it there, or have it cancelled.`;
  await tellRun(tx, ctx, row, ref, { kind: 'late_run', sentence });
}
