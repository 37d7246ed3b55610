import { eq, sql } from 'drizzle-orm';
import type { ServiceContext, Tx } from '@/lib/auth/context';
import { attempts } from '@/lib/db/schema';
import { holdEnvironment } from '@/lib/gates/server/locking';
import { newId } from '@/lib/kernel/ids';
import { type ProviderContext, ProviderError } from '@/lib/providers/port';
import { DEADLINE_MS } from '../model/machine';
import { markerOf } from '../model/marker';
import { type Asked, clearance } from './clearance';
import { move, note } from './move';
import { type AttemptRow, type DeploymentRow, lockDeployment, lockTarget } from './rows';
import { NO_TROUBLE } from './trouble';
import { nextQueued } from './turn';

/**
 * Until it ends, only the process that wrote the attempt acts on it: longer than `SEND_WITHIN_MS` and the time-out of a
 * request (10 s) together. What takes longer renews it, see keep-lease.ts.
 */
export const LEASE_SECONDS = 30;
/** An adapter reads before it sends; what it has not sent by then is not sent under this attempt. */
const SEND_WITHIN_MS = 15_000;

export interface Claimed {
  row: DeploymentRow;
  attempt: AttemptRow;
  /** No request leaves after this reading of the monotonic clock, in milliseconds. */
  sendBy: number;
}

/** Read before the attempt is written, so that the lease in the database always outlasts it, whatever stalls. */
export function sendingEnds(): number {
  return performance.now() + SEND_WITHIN_MS;
}

/** When the lease ends at the earliest that goes with this end of sending, by the same clock. */
export function leaseEnds(sendBy: number): number {
  return sendBy - SEND_WITHIN_MS + LEASE_SECONDS * 1_000;
}

/** Slow reads, a queue in a client library or a process that stood still must not send after the lease: others act then. */
export function sendingUntil(may: { sendBy: number }, fetch: ProviderContext['fetch']): ProviderContext['fetch'] {
  return async (input, init) => {
    if (performance.now() < may.sendBy) return fetch(input, init);
    const sentence = 'The provider was too slow, so nothing was sent.';
    throw new ProviderError('unavailable', 'out_of_time', sentence);
  };
}

/** A connection's context whose requests end with the lease, whichever connection of the deployment it is. */
export type Leased = (open: ProviderContext) => ProviderContext;

/**
 * `ask`: the provider has to be asked first, outside of any lock. `moved`: the row is another now, look again at once.
 * `silent`: it may go, and nothing would leave.
 */
export type Turn =
  | { kind: 'claimed'; claimed: Claimed }
  | { kind: 'waits' }
  | { kind: 'ask' }
  | { kind: 'moved' }
  | { kind: 'silent'; silence: ProviderError };

/**
 * Takes the target for this deployment, or notes what it waits for. Every gate is asked again under the locks, so that
 * nothing is sent after a freeze, lock or policy has been committed. The attempt is committed before anything is sent, and
 * not made at all in a `silence`: so it keeps its place in the queue, whatever else happens to that.
 */
export async function claim(
  ctx: ServiceContext,
  seen: DeploymentRow,
  asked: Asked | null,
  silence: ProviderError | null = null,
): Promise<Turn> {
  const sendBy = sendingEnds();
  return ctx.db.transaction(async (tx): Promise<Turn> => {
    const environment = await holdEnvironment(tx, seen.environmentId);
    await lockTarget(tx, seen.targetId);
    const row = await lockDeployment(tx, seen.id);
    if (row?.status !== 'queued') return { kind: 'waits' };
    const verdict = await clearance(tx, ctx, row, environment, asked);
    if (verdict.kind === 'wait') {
      const { sentence, seconds, aside } = verdict;
      const stands = aside === undefined ? {} : { failureCode: aside };
      // Only what stands aside may still do so for its trouble; anything else waits for something else now.
      const over = row.failureCode === null ? NO_TROUBLE : {};
      await note(tx, ctx, row, { waitingFor: sentence, ...patience, ...stands, ...over }, seconds);
      if (aside && aside !== row.failureCode) await giveWay(tx, ctx, row);
      return { kind: 'waits' };
    }
    if (verdict.kind !== 'go') return verdict;
    if (silence) return { kind: 'silent', silence };
    const attempt = await newAttempt(tx, row, (await lastNumber(tx, row)) + 1);
    const moved = await move(tx, ctx, row, 'claim', {
      patch: { submittedAt: sql`now()` as unknown as Date, comparedWithId: verdict.comparedWithId },
      data: { attempt: attempt.number, marker: attempt.marker },
    });
    return moved ? { kind: 'claimed', claimed: { row: moved, attempt, sendBy } } : { kind: 'waits' };
  });
}

/** It has stepped aside: whoever waited behind it is looked at in the same commit. */
export async function giveWay(tx: Tx, ctx: ServiceContext, row: DeploymentRow): Promise<void> {
  const next = await nextQueued(tx, row.targetId);
  if (next) await ctx.queue.wakeDeployment(tx, next.id);
}

/** What came back to the queue goes on counting: a marker is never used twice. */
async function lastNumber(tx: Tx, row: DeploymentRow): Promise<number> {
  const [last] = await tx
    .select({ number: sql<number>`coalesce(max(${attempts.number}), 0)::int` })
    .from(attempts)
    .where(eq(attempts.deploymentId, row.id));
  return last?.number ?? 0;
}

/** While somebody looks and it has to wait, its time stands: what is held is never dropped. */
export const patience = {
  deadlineAt: sql`now() + make_interval(secs => ${DEADLINE_MS.queued / 1000})` as unknown as Date,
};

export async function newAttempt(tx: Tx, row: DeploymentRow, number: number): Promise<AttemptRow> {
  const [attempt] = await tx
    .insert(attempts)
    .values({
      id: newId('att'),
      deploymentId: row.id,
      number,
      marker: markerOf(row.id, number),
      state: 'sending',
      leaseUntil: sql`now() + make_interval(secs => ${LEASE_SECONDS})`,
      sentAt: sql`now()`,
    })
    .returning();
  if (!attempt) throw new Error('The attempt was not written.');
  return attempt;
}
