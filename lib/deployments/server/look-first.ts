import { and, eq, inArray, ne, sql } from 'drizzle-orm';
import { emitAudit } from '@/lib/audit/emit';
import type { ServiceContext, Tx } from '@/lib/auth/context';
import { attempts, deployments, environments } from '@/lib/db/schema';
import { holdEnvironment } from '@/lib/gates/server/locking';
import { ServiceError } from '@/lib/kernel/errors';
import { capability, type RemoteRef } from '@/lib/providers/port';
import { afterLook, LOST_ATTEMPTS } from '../model/look-first';
import { markerOf } from '../model/marker';
import { IN_FLIGHT_STATUSES } from '../model/status';
import { acceptIn } from './accept';
import { patience } from './claim';
import { canFind, findRun, findThere } from './find-run';
import { beat, isFresh, restoredSince } from './heartbeat';
import { isStillAsked, settledMeanwhile } from './meanwhile';
import { move, note } from './move';
import { type DeploymentRow, loadDeployment, lockDeployment, lockTarget, slugOf } from './rows';
import { SETTLE_SECONDS } from './settle';
import { starterOf } from './starter';
import { latestAttempt } from './submit';
import { asProviderError, NO_TROUBLE, troubleInQueue } from './trouble';
import { lookedFor, waitOut } from './wait-out';

interface Found {
  number: number;
  ref: RemoteRef;
  /** Why it is there although nothing should have been sent. */
  because?: string;
}

/**
 * Before anything is sent for a deployment whose past this database may have lost. Null: nothing speaks against going on
 * as usual; otherwise what `advance` is to do (true: look at the row again at once).
 */
export async function lookFirst(ctx: ServiceContext, row: DeploymentRow): Promise<boolean | null> {
  if (!row.lookFirst && (await isFresh(ctx))) return null;
  if (!row.lookFirst) {
    await beat(ctx);
    return true;
  }
  if (row.remoteId && row.kind !== 'retry') return null;
  try {
    return await look(ctx, row);
  } catch (error) {
    const { patch, waitSeconds } = troubleInQueue(row, asProviderError(error));
    await ctx.db.transaction((tx) => note(tx, ctx, row, { ...patch, ...ownTime(row, waitSeconds) }, waitSeconds));
    return false;
  }
}

/** Nothing ends before it was looked for: what waits keeps its time, and people's goes on to the next look. */
function ownTime({ status }: DeploymentRow, nextSeconds: number): Partial<typeof patience> {
  if (status === 'queued' || status === 'submitting') return patience;
  if (status !== 'awaiting_approval') return {};
  return { deadlineAt: sql`now() + make_interval(secs => ${nextSeconds})` as unknown as Date };
}

/**
 * Back in the queue after an absence that seemed proven: a run that is listed late is followed, nothing is sent again.
 * Costs a request only for a deployment that has such an attempt. Null: nothing was found.
 */
export async function followLate(ctx: ServiceContext, row: DeploymentRow): Promise<boolean | null> {
  if (row.submittedAt === null || !canFind(row)) return null;
  try {
    const late = await findRun(ctx, row);
    const [attempt] = late ? await ctx.db.select().from(attempts).where(eq(attempts.id, late.attemptId)) : [];
    if (!late || !attempt) {
      await lookedFor(ctx, row);
      return null;
    }
    const because = 'was listed later than it may be';
    return (await adopt(ctx, row, { number: attempt.number, ref: late.ref, because })) === 'followed';
  } catch (error) {
    await waitOut(ctx, row, asProviderError(error), true);
    return false;
  }
}

async function look(ctx: ServiceContext, row: DeploymentRow): Promise<boolean | null> {
  const found = canFind(row) ? await findAny(ctx, row) : null;
  if (found) return (await adopt(ctx, row, found)) === 'followed';
  const [environment] = await ctx.db.select().from(environments).where(eq(environments.id, row.environmentId));
  const { restored, seconds } = await restoredSince(ctx, row.requestedAt);
  const decision = afterLook({
    found: false,
    findable: canFind(row),
    isDelicate: environment?.isProduction !== false || row.dispatch.serve !== undefined,
    restored,
    settled: seconds >= (ctx.settleSeconds ?? SETTLE_SECONDS),
  });
  if (decision === 'send') return letGo(ctx, row);
  const asks = decision === 'ask';
  // Nothing is sent for it as it is now, so nobody has to know more.
  if (asks && row.status === 'awaiting_approval') return null;
  const [patch, next] = asks ? [asking(row), 30] : [waiting(), 3];
  const asked = canFind(row) ? NO_TROUBLE : {};
  await ctx.db.transaction((tx) => note(tx, ctx, row, { ...patch, ...asked, ...ownTime(row, next) }, next));
  return false;
}

const waiting = () => ({ waitingFor: 'The provider is asked whether it was sent before the database was restored.' });

function asking(row: DeploymentRow) {
  return {
    attention: 'unknown_outcome' as const,
    attentionSince: row.attentionSince ?? (sql`now()` as unknown as Date),
    waitingFor: 'A person has to say whether the run started: this database may have lost that it was sent.',
  };
}

/** Every marker that may have been used, whether its attempt is in this database or not. */
async function findAny(ctx: ServiceContext, row: DeploymentRow): Promise<Found | null> {
  const { provider, context } = await ctx.openConnection(row.connectionId);
  const known = (await latestAttempt(ctx, row.id))?.number ?? 0;
  const there = await findThere({ provider, context }, row);
  if (there) return there.ref && { number: Math.max(1, known), ref: there.ref };
  if (row.kind === 'retry') {
    const wanted = { id: row.remoteId ?? '', attempt: row.remoteAttempt, url: row.remoteUrl ?? '' };
    const seen = await capability(provider, 'status').observe(context, row.config, wanted);
    return seen.ref.attempt >= row.remoteAttempt ? { number: Math.max(1, known), ref: seen.ref } : null;
  }
  const starter = await starterOf(ctx, row);
  for (let number = 1; number <= known + LOST_ATTEMPTS; number++) {
    const marker = markerOf(row.id, number);
    const since = row.requestedAt.getTime();
    const { provider: by, context: through } = starter.open;
    const ref = await capability(by, 'deploy').findByMarker(through, starter.config, marker, since);
    if (ref) return { number, ref };
  }
  return null;
}

const APPROVED_THEN = 'A run of it exists: it was approved and sent in a time that this database has lost.';

/** Thrown within `adopt` alone: what it has written is not committed. */
class NotFollowed extends Error {}

type Said = (tx: Tx, followed: RemoteRef | null) => Promise<void>;

/**
 * Follows the run that exists. The target has to be free for it; until then its turn is noted (`busy`). `overtaken`: the row
 * is another by now, and nothing was written. What a person `said` is in the same commit.
 */
export async function adopt(
  ctx: ServiceContext,
  row: DeploymentRow,
  found: Found,
  said?: Said,
): Promise<'followed' | 'busy' | 'overtaken'> {
  const { number, ref, because = 'was started for it before the database was restored' } = found;
  const following = ctx.db.transaction(async (tx) => {
    await holdEnvironment(tx, row.environmentId);
    await lockTarget(tx, row.targetId);
    const fresh = await lockDeployment(tx, row.id);
    if (!fresh || fresh.version !== row.version) return 'overtaken';
    const waits = fresh.status === 'queued' || fresh.status === 'awaiting_approval';
    if (waits && (await waitsForTarget(tx, ctx, fresh, ref))) return 'busy';
    const attemptId = await attemptFor(tx, fresh, number);
    const sentence = `Run ${ref.id} ${because}; it is followed. Nothing is sent.`;
    const asked = fresh.status === 'awaiting_approval';
    const queued = asked ? await move(tx, ctx, fresh, 'approve', { sentence: APPROVED_THEN }) : fresh;
    if (queued && waits)
      await move(tx, ctx, queued, 'claim', { patch: { submittedAt: sql`now()` as unknown as Date }, sentence });
    if ((await acceptIn(tx, ctx, row.id, attemptId, ref)) !== 'followed') throw new NotFollowed();
    await said?.(tx, ref);
    return 'followed';
  });
  return following.catch((error: unknown) => {
    if (error instanceof NotFollowed) return 'overtaken';
    throw error;
  });
}

async function waitsForTarget(tx: Tx, ctx: ServiceContext, row: DeploymentRow, ref: RemoteRef): Promise<boolean> {
  const [busy] = await tx
    .select({ number: deployments.number })
    .from(deployments)
    .where(
      and(
        eq(deployments.targetId, row.targetId),
        inArray(deployments.status, [...IN_FLIGHT_STATUSES]),
        ne(deployments.id, row.id),
      ),
    );
  if (!busy) return false;
  const waitingFor = `#${busy.number} is on this target; run ${ref.id} is followed after it.`;
  await note(tx, ctx, row, { waitingFor, ...NO_TROUBLE, ...ownTime(row, 5) }, 5);
  return true;
}

/** The attempt of that number, open for `accept`: as it was written, or written again when the database forgot it. */
async function attemptFor(tx: Tx, row: DeploymentRow, number: number): Promise<string> {
  const past = sql`${row.requestedAt.toISOString()}::timestamptz`;
  const [attempt] = await tx
    .insert(attempts)
    .values({
      id: `att_${row.id.replace(/^dep_/, '')}_${number}`,
      deploymentId: row.id,
      number,
      marker: markerOf(row.id, number),
      state: 'unknown',
      leaseUntil: past,
      sentAt: past,
      answeredAt: sql`now()`,
    })
    .onConflictDoUpdate({ target: [attempts.deploymentId, attempts.number], set: { state: 'unknown' } })
    .returning({ id: attempts.id });
  if (!attempt) throw new Error('The attempt was not written.');
  return attempt.id;
}

/** No run of it exists: from here on it goes its usual way, through every gate. */
async function letGo(ctx: ServiceContext, row: DeploymentRow, said?: Said): Promise<boolean> {
  return ctx.db.transaction(async (tx) => {
    const fresh = await lockDeployment(tx, row.id);
    if (said && !isStillAsked(fresh, row)) throw settledMeanwhile(fresh);
    if (!fresh || fresh.version !== row.version) return true;
    const settled = { lookFirst: false, attention: null, attentionSince: null, waitingFor: null, ...NO_TROUBLE };
    await note(tx, ctx, fresh, { ...settled, ...ownTime(fresh, 0) }, 0);
    await emitAudit(tx, ctx, {
      action: 'deployment.looked_up',
      resource: { kind: 'deployment', id: row.id },
      environment: await slugOf(tx, row),
      outcome: 'done',
      sentence: `#${row.number}: the provider has no run of it, so it may be sent.`,
    });
    await said?.(tx, null);
    return true;
  });
}

/**
 * A person's word about a deployment that waits in the queue and may have been sent in a time that was lost; `said` hears,
 * in the same commit, which run is followed now, also when one was found instead of sending again.
 */
export async function resolveQueued(
  ctx: ServiceContext,
  row: DeploymentRow,
  decision: { how: 'adopt'; ref: RemoteRef } | { how: 'send_again' | 'give_up'; reason: string },
  said: Said,
): Promise<void> {
  if (decision.how === 'adopt') return adoptOrRefuse(ctx, row, { number: 1, ref: decision.ref }, said);
  if (decision.how === 'send_again') {
    const found = canFind(row) ? await findAny(ctx, row) : null;
    if (found) return adoptOrRefuse(ctx, row, found, said);
    await letGo(ctx, row, said);
    return;
  }
  await ctx.db.transaction(async (tx) => {
    const fresh = await lockDeployment(tx, row.id);
    if (!isStillAsked(fresh, row)) throw settledMeanwhile(fresh);
    const patch = { failureCode: 'given_up', failureSentence: `${ctx.actor.name} gave it up: ${decision.reason}` };
    await move(tx, ctx, fresh, 'submit_errored', { patch, sentence: decision.reason });
    await said(tx, null);
  });
}

/** A decision that cannot be carried out now is said so, or it would be forgotten by the next look. */
async function adoptOrRefuse(ctx: ServiceContext, row: DeploymentRow, found: Found, said: Said): Promise<void> {
  const became = await adopt(ctx, row, found, said);
  if (became === 'followed') return;
  if (became === 'overtaken') throw settledMeanwhile(await loadDeployment(ctx.db, row.id));
  const sentence = `Another deployment is on this target, so run ${found.ref.id} cannot be followed yet. Decide again when it has ended.`;
  throw new ServiceError('precondition', 'target_busy', sentence);
}
