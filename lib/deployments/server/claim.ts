import { and, eq, inArray, sql } from 'drizzle-orm';
import type { ServiceContext, Tx } from '@/lib/auth/context';
import { attempts, deployments, targets } from '@/lib/db/schema';
import { newId } from '@/lib/kernel/ids';
import { markerOf } from '../model/marker';
import { IN_FLIGHT_STATUSES } from '../model/status';
import { move, nextQueued, note } from './move';
import { type AttemptRow, activePins, type DeploymentRow, lockDeployment } from './rows';

/** Until it ends, only the process that wrote the attempt acts on it: longer than `SEND_WITHIN_MS` and the time-out of a request (10 s) together. */
export const LEASE_SECONDS = 30;
/** An adapter reads before it sends; what it has not sent by then is not sent under this attempt. */
const SEND_WITHIN_MS = 15_000;
const LOOK_AGAIN_SECONDS = 60;

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

/** Takes the target for this deployment, or notes what it waits for. The attempt is committed before anything is sent. */
export async function claim(ctx: ServiceContext, deploymentId: string): Promise<Claimed | null> {
  const sendBy = sendingEnds();
  return ctx.db.transaction(async (tx) => {
    const row = await lockDeployment(tx, deploymentId);
    if (row?.status !== 'queued') return null;
    await tx.select({ id: targets.id }).from(targets).where(eq(targets.id, row.targetId)).for('update');
    const waitsFor = await blocker(tx, row);
    if (waitsFor) {
      await note(tx, ctx, row, { waitingFor: waitsFor }, LOOK_AGAIN_SECONDS);
      return null;
    }
    const attempt = await newAttempt(tx, row, 1);
    const moved = await move(tx, ctx, row, 'claim', {
      patch: { submittedAt: new Date(ctx.clock.now()) },
      data: { attempt: 1, marker: attempt.marker },
    });
    return moved ? { row: moved, attempt, sendBy } : null;
  });
}

async function blocker(tx: Tx, row: DeploymentRow): Promise<string | null> {
  const [busy] = await tx
    .select({ number: deployments.number })
    .from(deployments)
    .where(and(eq(deployments.targetId, row.targetId), inArray(deployments.status, [...IN_FLIGHT_STATUSES])))
    .limit(1);
  if (busy) return `#${busy.number} is on this target; it goes first.`;
  // What a roll-back holds in place is every other deployment, not itself or its own retry.
  const pin = (await activePins(tx, row.targetId)).find((each) => row.kind === 'deploy' || each.kind !== 'rollback');
  if (pin) return `Pinned by ${pin.createdByName}: ${pin.reason}`;
  const first = await nextQueued(tx, row.targetId);
  return first && first.id !== row.id ? `#${first.number} was asked for earlier; it goes first.` : null;
}

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
