import { and, eq, inArray, sql } from 'drizzle-orm';
import type { ServiceContext, Tx } from '@/lib/auth/context';
import { attempts } from '@/lib/db/schema';
import type { RemoteRef } from '@/lib/providers/port';
import { isRun } from '../model/dispatch';
import { isTerminal } from '../model/status';
import { canFind } from './find-run';
import { recordLateRun } from './late-runs';
import { move, note } from './move';
import { type DeploymentRow, lockDeployment } from './rows';

/**
 * What became of a run that was found. `second`: the deployment has another one. `unsent`: it ended, or waits, as one that
 * was never sent, and whoever sent it all the same calls the run off. `ended`: told as a late run. `left`: to others.
 */
export type Accepted = 'followed' | 'second' | 'unsent' | 'ended' | 'left';

/** Ended before anything was sent, as far as anybody knew: a run of it that surfaces is called off. */
const NEVER_SENT: readonly string[] = ['superseded', 'rejected', 'cancelled'];
const UNCLAIMED: readonly string[] = ['queued', 'awaiting_approval'];

/** The run exists and is ours. Safe to call twice: the second caller hears what the first one did. */
export function accept(
  ctx: ServiceContext,
  deploymentId: string,
  attemptId: string,
  ref: RemoteRef,
): Promise<Accepted> {
  return ctx.db.transaction((tx) => acceptIn(tx, ctx, deploymentId, attemptId, ref));
}

/** Whoever sent it has to stop it: its attempt is in state `second` until it is known what became of it. */
export function isOneTooMany(became: Accepted): boolean {
  return became === 'second' || became === 'unsent';
}

/** The same within a transaction of the caller's. */
export async function acceptIn(
  tx: Tx,
  ctx: ServiceContext,
  deploymentId: string,
  attemptId: string,
  ref: RemoteRef,
): Promise<Accepted> {
  const row = await lockDeployment(tx, deploymentId);
  if (row && isTerminal(row.status) && row.startedAt === null) {
    if (endedUnsent(row, ref)) return unwanted(tx, attemptId, ref);
    await recordLateRun(tx, ctx, row, attemptId, ref);
    return 'ended';
  }
  // Its absence seemed proven, and it is back in the queue: the next look finds it there and follows it.
  if (row && UNCLAIMED.includes(row.status)) {
    await ctx.queue.wakeDeployment(tx, row.id);
    return canFind(row) ? 'left' : unwanted(tx, attemptId, ref);
  }
  const isSecond = row !== null && row.remoteId !== null && row.remoteId !== ref.id;
  const answered = await answer(tx, attemptId, ref, isSecond ? 'second' : 'accepted');
  if (!row) return 'left';
  if (!answered) return row.startedAt !== null && row.remoteId === ref.id ? 'followed' : 'left';
  if (isSecond) return 'second';
  return (await follow(tx, ctx, row, ref)) ? 'followed' : 'left';
}

/** What only led addresses elsewhere, or lies at a gallery, cannot be called off, so it is told. */
function endedUnsent({ status, remoteId, dispatch }: DeploymentRow, ref: RemoteRef): boolean {
  return NEVER_SENT.includes(status) && remoteId === null && isRun(dispatch, ref.id);
}

async function unwanted(tx: Tx, attemptId: string, ref: RemoteRef): Promise<Accepted> {
  return (await answer(tx, attemptId, ref, 'second')) ? 'unsent' : 'left';
}

/** In state `second` it is called off, by whoever it may be. False: the attempt has its answer already. */
async function answer(tx: Tx, attemptId: string, ref: RemoteRef, state: 'second' | 'accepted'): Promise<boolean> {
  const [answered] = await tx
    .update(attempts)
    .set({
      state,
      remoteId: ref.id,
      answeredAt: sql`now()`,
      error: null,
      ...(state === 'second' ? { soughtAt: null } : {}),
    })
    .where(and(eq(attempts.id, attemptId), inArray(attempts.state, ['sending', 'unknown', 'absent'])))
    .returning({ id: attempts.id });
  return answered !== undefined;
}

async function follow(tx: Tx, ctx: ServiceContext, row: DeploymentRow, ref: RemoteRef): Promise<boolean> {
  const patch = {
    remoteId: ref.id,
    remoteAttempt: ref.attempt,
    remoteUrl: ref.url || null,
    attention: null,
    attentionSince: null,
    troubleCount: 0,
    troubleSentence: null,
    startedAt: row.startedAt ?? (sql`now()` as unknown as Date),
  };
  if (row.status === 'cancelling') await note(tx, ctx, row, patch, 0);
  if (row.status !== 'submitting') return !isTerminal(row.status);
  const sentence = `The provider accepted it as run ${ref.id}.`;
  await move(tx, ctx, row, 'observe_building', { patch, sentence, data: { remoteId: ref.id } });
  return true;
}
