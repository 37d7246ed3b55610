import { and, eq, inArray, sql } from 'drizzle-orm';
import type { DbOrTx, ServiceContext } from '@/lib/auth/context';
import { attempts, deployments } from '@/lib/db/schema';
import { type ActiveStatus, isTerminal } from '../model/status';
import { awaitPeople, dispatch } from './dispatch';
import { canFind } from './find-run';
import { beat, isFresh } from './heartbeat';
import { goesBackSql } from './hold';
import { followLate, lookFirst } from './look-first';
import { move } from './move';
import { type DeploymentRow, loadDeployment, lockDeployment, StaleDeployment } from './rows';
import { settle } from './settle';
import { endSending } from './stands';
import { callOffStrays } from './strays';
import { verify } from './verify';
import { pursueCancel, watch } from './watch';

/** What each status needs next; true means "the row moved, look again at once". */
const NEXT: Record<ActiveStatus, (ctx: ServiceContext, row: DeploymentRow) => Promise<boolean>> = {
  awaiting_approval: async (ctx, row) => (await lookAtItsEnd(ctx, row)) ?? awaitPeople(ctx, row),
  queued: async (ctx, row) => {
    const looked = (await lookFirst(ctx, row)) ?? (await followLate(ctx, row));
    return looked === null ? dispatch(ctx, row) : looked;
  },
  submitting: async (ctx, row) => (await lookFirst(ctx, row)) ?? settle(ctx, row),
  building: watchAlone,
  deploying: watchAlone,
  verifying: verify,
  cancelling: async (ctx, row) => (await lookFirst(ctx, row)) ?? pursueCancel(ctx, row),
};

/** People may still decide about it, and then it is looked for; where they did not in time, nobody else would. */
async function lookAtItsEnd(ctx: ServiceContext, row: DeploymentRow): Promise<boolean | null> {
  return row.lookFirst && (await isOverdue(ctx.db, row)) ? lookFirst(ctx, row) : null;
}

/** The run, and that it is the only one. */
async function watchAlone(ctx: ServiceContext, row: DeploymentRow): Promise<boolean> {
  await callOffStrays(ctx, row);
  return watch(ctx, row);
}

/** What waits to be sent must not be sent late; what runs may have ended in time. */
const RUNNING: readonly ActiveStatus[] = ['building', 'deploying', 'verifying', 'cancelling'];
const MAX_MOVES = 12;

/** Level-triggered and idempotent: looks at the row as it is and does the next thing. Any instance, any time, any number of times. */
export async function advance(ctx: ServiceContext, deploymentId: string): Promise<void> {
  for (let i = 0; i < MAX_MOVES; i++) {
    const row = await loadDeployment(ctx.db, deploymentId);
    if (!row || isTerminal(row.status)) return;
    try {
      if (!(await step(ctx, row, row.status))) return;
    } catch (error) {
      if (!(error instanceof StaleDeployment)) throw error;
    }
  }
}

/**
 * A run is looked at once more before its deadline counts: it may have ended while nobody here was awake. So is what may
 * have been sent in a time that this database does not know.
 */
async function step(ctx: ServiceContext, row: DeploymentRow, status: ActiveStatus): Promise<boolean> {
  const running = RUNNING.includes(status);
  if (!running && !row.lookFirst && (await isOverdue(ctx.db, row))) {
    if (!(await isFresh(ctx))) return noticeStandstill(ctx);
    if (await expire(ctx, row)) return false;
  }
  let moved = false;
  try {
    moved = await NEXT[status](ctx, row);
  } finally {
    if (!moved && running) await expire(ctx, row);
  }
  if (!moved && !running && row.lookFirst) await expire(ctx, row);
  return moved;
}

/** It stood still and did not wait: what is to be looked for is marked, and its time begins anew. */
async function noticeStandstill(ctx: ServiceContext): Promise<true> {
  await beat(ctx);
  return true;
}

async function expire(ctx: ServiceContext, row: DeploymentRow): Promise<boolean> {
  if (!row.deadlineAt) return false;
  return ctx.db.transaction(async (tx) => {
    const fresh = (await isOverdue(tx, row)) ? await lockDeployment(tx, row.id) : null;
    // Whoever noted that it has to wait has given it time again.
    if (fresh?.version !== row.version || !(await isOverdue(tx, row))) return false;
    const sentence = overdueSentence(fresh);
    await endSending(tx, fresh.id);
    return (
      (await move(tx, ctx, fresh, 'deadline', {
        patch: { failureCode: 'deadline', failureSentence: sentence },
        sentence,
      })) !== null
    );
  });
}

function overdueSentence(row: DeploymentRow): string {
  if (row.status !== 'awaiting_approval')
    return `Nothing changed since it was “${row.status}”; its deadline has passed. Look at the run at the provider before deploying again.`;
  if (!row.lookFirst) return 'Not enough people approved it in time, so it was not sent. Ask for it again.';
  return canFind(row)
    ? 'Not enough people approved it in time, and the provider has no run of it. Ask for it again.'
    : 'Not enough people approved it in time. This database may have lost that it was sent: look at the provider before asking for it again.';
}

/** The database's clock decides, so that a skewed instance expires nothing early. */
async function isOverdue(db: DbOrTx, row: DeploymentRow): Promise<boolean> {
  const [overdue] = await db
    .select({ id: deployments.id })
    .from(deployments)
    .where(and(eq(deployments.id, row.id), sql`deadline_at <= clock_timestamp()`));
  return overdue !== undefined;
}

/** No request of it is, or may have been, with the provider. */
const UNSENT = sql`not exists (select 1 from ${attempts} where ${attempts.deploymentId} = ${deployments.id} and ${inArray(attempts.state, ['sending', 'unknown'])})`;
/**
 * Hundreds that wait for a provider that is away, claimed or not, are looked at after those that get on: what runs, or may run, is
 * among these, and so is a roll-back.
 */
const PATIENT = sql`(trouble_count > 0 and status in ('queued', 'submitting') and ${UNSENT} and not ${goesBackSql(sql`${deployments}`)})`;
const SWEEP_LIMIT = 200;
/** A swept row whose job is lost is swept again after this long. */
const SWEEP_AGAIN_SECONDS = 20;

/** Wakes every deployment that is due; one statement claims them, so several instances share the work. Returns how many. */
export async function sweep(ctx: ServiceContext): Promise<number> {
  const due = await ctx.db.execute<{ id: string; patient: boolean }>(sql`
    update ${deployments} set next_check_at = now() + make_interval(secs => ${SWEEP_AGAIN_SECONDS})
    where id in (select id from ${deployments} where next_check_at <= now()
      order by ${PATIENT}, next_check_at limit ${SWEEP_LIMIT} for update skip locked)
    returning id, ${PATIENT} as patient`);
  for (const { id, patient } of due.rows) await ctx.queue.wakeDeployment(ctx.db, id, patient ? 'last' : 'usual');
  return due.rows.length;
}
