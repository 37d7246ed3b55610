import { and, eq, inArray, isNull, sql } from 'drizzle-orm';
import { emitAudit } from '@/lib/audit/emit';
import type { ServiceContext, Tx } from '@/lib/auth/context';
import { attempts, deployments } from '@/lib/db/schema';
import { capability, type RemoteRef } from '@/lib/providers/port';
import { publish } from '@/lib/realtime/publish';
import { STATUS_VIEW } from '../model/status';
import { findRerun } from './find-rerun';
import { type DeploymentRow, loadDeployment, lockDeployment, slugOf } from './rows';
import { starterOf } from './starter';
import { asProviderError } from './trouble';

const AT_ONCE = 20;

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
    and (a.sought_at is null or a.sought_at < now() - greatest(interval '15 seconds', (now() - d.finished_at) / 4))
  order by a.sent_at limit ${AT_ONCE} for update of a skip locked`;

/** One statement claims what is due, so several instances share the work. Returns how many were looked for. */
export async function seekLateRuns(ctx: ServiceContext): Promise<number> {
  const claimed = await ctx.db
    .update(attempts)
    .set({ soughtAt: sql`now()` })
    .where(inArray(attempts.id, sql`(${due})`))
    .returning({ id: attempts.id, deploymentId: attempts.deploymentId, marker: attempts.marker, at: attempts.sentAt });
  for (const attempt of claimed) {
    const row = await loadDeployment(ctx.db, attempt.deploymentId);
    if (row) await seek(ctx, row, attempt);
  }
  return claimed.length;
}

async function seek(ctx: ServiceContext, row: DeploymentRow, attempt: { id: string; marker: string; at: Date }) {
  try {
    const { open, config } = await starterOf(ctx, row, 'reconcile');
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
    // A bug is thrown on; with trouble it is looked for again at its next time.
    asProviderError(error);
  }
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
  await publish(tx, {
    topic: 'deployment',
    kind: 'late_run',
    deploymentId: row.id,
    targetId: row.targetId,
    actorName: ctx.actor.name,
    data: { sentence, remoteId: ref.id, url: ref.url },
  });
  await emitAudit(tx, ctx, {
    action: 'deployment.late_run',
    resource: { kind: 'deployment', id: row.id },
    environment: await slugOf(tx, row),
    outcome: 'failed',
    code: 'late_run',
    sentence: `#${row.number}: ${sentence}`,
    data: { remoteId: ref.id },
  });
}
