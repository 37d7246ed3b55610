import { setTimeout as wait } from 'node:timers/promises';
import { and, eq, inArray, sql } from 'drizzle-orm';
import type { ServiceContext, Tx } from '@/lib/auth/context';
import { attempts, events } from '@/lib/db/schema';
import { capability, type RemoteRef } from '@/lib/providers/port';
import { publish } from '@/lib/realtime/publish';
import { eachOf } from './each-of';
import { readRunManifest } from './read-provider';
import { type AttemptRow, type DeploymentRow, loadDeployment, lockDeployment } from './rows';
import { starterOf } from './starter';
import { type RunNews, tellRun } from './tell-run';
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

/** The end of a run that is one too many, and what is told of it. */
type End = 'cancelled' | 'unclear' | 'ended' | 'gone' | 'given_up';

const TOLD: Record<End, { kind: RunNews | 'late_run_cancelled'; says: (id: string) => string }> = {
  cancelled: { kind: 'late_run_cancelled', says: (id) => `The provider was asked to cancel run ${id}.` },
  unclear: {
    kind: 'late_run_cancelled',
    says: (id) =>
      `Run ${id} has ended; nobody can tell whether the request to cancel it was in time. What it deployed may be live: look at it at the provider.`,
  },
  ended: {
    kind: 'second_run_ended',
    says: (id) =>
      `Run ${id} had ended before it could be cancelled; what it deployed may be live. Look at it at the provider.`,
  },
  gone: {
    kind: 'second_run_ended',
    says: (id) =>
      `The provider does not show run ${id} any more, so it cannot be cancelled from here. Look for it there.`,
  },
  given_up: {
    kind: 'late_run',
    says: (id) =>
      `Run ${id}, which is one too many, could not be cancelled for an hour. It may go live: look at it there, or have it cancelled.`,
  },
};

/** In `error` of its attempt, from before the request to cancel it until a clear refusal: what has ended may be cancelled. */
const CANCEL_ASKED = 'cancel_asked';

/**
 * A run that is one too many, as `accept` left it in state `second`, is told and stopped. With trouble, and where whoever
 * found it dies, the state stays, and `callOffLeft` goes on.
 */
export async function callOff(ctx: ServiceContext, row: DeploymentRow, ref: RemoteRef): Promise<void> {
  const manifest = await readRunManifest(ctx, ctx.db, { ...row, remoteId: ref.id });
  const stoppable = manifest === null || manifest.capabilities.cancel !== undefined;
  const before = await begin(ctx, row, ref, stoppable);
  const how = before && stoppable ? await askToCancel(ctx, row, ref, before) : null;
  if (how) await end(ctx, row, ref, how);
}

/** Told once, and written down that it is about to be cancelled. Null: it is over, by somebody else's hand. */
async function begin(
  ctx: ServiceContext,
  row: DeploymentRow,
  ref: RemoteRef,
  stoppable: boolean,
): Promise<Pick<AttemptRow, 'error'> | null> {
  const fate = stoppable ? 'it is being cancelled' : 'it cannot be cancelled from here';
  const what = row.remoteId === null ? `Run ${ref.id} was started after all` : `A second run, ${ref.id}, was started`;
  const sentence = `${what}, by a process that had stood still; ${fate}. Look at it at the provider.`;
  const next = stoppable ? { soughtAt: sql`now()`, error: CANCEL_ASKED } : { state: 'accepted' as const };
  return ctx.db.transaction(async (tx) => {
    await lockDeployment(tx, row.id);
    const [before] = await tx.select({ error: attempts.error }).from(attempts).where(its(row, ref));
    if (!before) return null;
    if (!(await isTold(tx, row, ref, ['second_run'])))
      await tellRun(tx, ctx, row, ref, { kind: 'second_run', sentence });
    await tx.update(attempts).set(next).where(its(row, ref));
    return before;
  });
}

/** Null: trouble, or a refusal while the run goes on. It is asked for again. */
async function askToCancel(
  ctx: ServiceContext,
  row: DeploymentRow,
  ref: RemoteRef,
  before: Pick<AttemptRow, 'error'>,
): Promise<End | null> {
  try {
    const { open, config } = await starterOf(ctx, row);
    await capability(open.provider, 'cancel').cancel(open.context, config, ref);
    return 'cancelled';
  } catch (thrown) {
    const error = asProviderError(thrown);
    if (error.code === 'already_finished') return before.error === CANCEL_ASKED ? 'unclear' : 'ended';
    // A run that is only just there may be shown a moment later.
    if (error.kind === 'notFound' && before.error !== null) return 'gone';
    if (!error.ambiguous) await ctx.db.update(attempts).set({ error: error.code }).where(its(row, ref));
    return null;
  }
}

/** Its life is over here, and whoever ends it first tells. */
async function end(ctx: ServiceContext, row: DeploymentRow, ref: RemoteRef, how: End): Promise<void> {
  const { kind, says } = TOLD[how];
  await ctx.db.transaction(async (tx) => {
    await lockDeployment(tx, row.id);
    const ended = await tx
      .update(attempts)
      .set({ state: 'accepted' })
      .where(its(row, ref))
      .returning({ id: attempts.id });
    if (ended.length === 0 || (await isTold(tx, row, ref, ['late_run_cancelled', kind]))) return;
    if (kind !== 'late_run_cancelled') return tellRun(tx, ctx, row, ref, { kind, sentence: says(ref.id) });
    // Whoever looks for late runs may tell of it too, before or after: then nobody need have it cancelled once more.
    await publish(tx, {
      topic: 'deployment',
      kind,
      deploymentId: row.id,
      targetId: row.targetId,
      actorName: ctx.actor.name,
      data: { sentence: says(ref.id), remoteId: ref.id },
    });
  });
}

function its(row: DeploymentRow, ref: RemoteRef) {
  return and(eq(attempts.deploymentId, row.id), eq(attempts.remoteId, ref.id), eq(attempts.state, 'second'));
}

async function isTold(tx: Tx, row: DeploymentRow, ref: RemoteRef, kinds: string[]): Promise<boolean> {
  const about = and(eq(events.deploymentId, row.id), inArray(events.kind, kinds));
  return (await tx.$count(events, and(about, sql`${events.data}->>'remoteId' = ${ref.id}`))) > 0;
}

const AT_ONCE = 20;

/** Whoever found it calls it off within moments, unless they died, or met trouble. Asked for ever less, each in its turn. */
const left = sql`
  select id from ${attempts}
  where state = 'second' and answered_at < now() - interval '5 seconds'
    and (sought_at is null or sought_at < now() - greatest(interval '10 seconds', (now() - answered_at) / 10))
  order by sought_at nulls first, answered_at limit ${AT_ONCE} for update skip locked`;

/**
 * Calls off what is still not called off; after an hour it is left to a person, who is told. One statement claims them, so
 * several instances share the work.
 */
export async function callOffLeft(ctx: ServiceContext): Promise<number> {
  const claimed = await ctx.db
    .update(attempts)
    .set({ soughtAt: sql`now()` })
    .where(inArray(attempts.id, sql`(${left})`))
    .returning({
      id: attempts.id,
      deploymentId: attempts.deploymentId,
      remoteId: attempts.remoteId,
      isOver: sql<boolean>`${attempts.answeredAt} < now() - interval '1 hour'`,
    });
  await eachOf(claimed, 'a second run could not be called off', async ({ deploymentId, remoteId, isOver }) => {
    const row = await loadDeployment(ctx.db, deploymentId);
    if (!row || !remoteId) return;
    const ref = { id: remoteId, attempt: 1, url: '' };
    await (isOver ? end(ctx, row, ref, 'given_up') : callOff(ctx, row, ref));
  });
  return claimed.length;
}
