import { and, eq, inArray, sql } from 'drizzle-orm';
import type { ServiceContext, Tx } from '@/lib/auth/context';
import { attempts, deployments, targets } from '@/lib/db/schema';
import { newId } from '@/lib/kernel/ids';
import { IN_FLIGHT_STATUSES } from '../model/status';
import { move, nextQueued, note } from './move';
import { type AttemptRow, activePins, type DeploymentRow, lockDeployment } from './rows';

/** Longer than the POST timeout (10 s) with margin: until it ends, only the process that wrote the attempt acts on it. */
export const LEASE_SECONDS = 30;
const LOOK_AGAIN_SECONDS = 60;

export interface Claimed {
  row: DeploymentRow;
  attempt: AttemptRow;
}

/** Takes the target for this deployment, or notes what it waits for. The attempt is committed before anything is sent. */
export async function claim(ctx: ServiceContext, deploymentId: string): Promise<Claimed | null> {
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
    return moved ? { row: moved, attempt } : null;
  });
}

async function blocker(tx: Tx, row: DeploymentRow): Promise<string | null> {
  const [busy] = await tx
    .select({ number: deployments.number })
    .from(deployments)
    .where(and(eq(deployments.targetId, row.targetId), inArray(deployments.status, [...IN_FLIGHT_STATUSES])))
    .limit(1);
  if (busy) return `#${busy.number} is on this target; it goes first.`;
  const first = await nextQueued(tx, row.targetId);
  if (first && first.id !== row.id) return `#${first.number} was asked for earlier; it goes first.`;
  // What a roll-back holds in place is every other deployment, not itself or its own retry.
  const pin = (await activePins(tx, row.targetId)).find((each) => row.kind === 'deploy' || each.kind !== 'rollback');
  return pin ? `Pinned by ${pin.createdByName}: ${pin.reason}` : null;
}

export async function newAttempt(tx: Tx, row: DeploymentRow, number: number): Promise<AttemptRow> {
  const [attempt] = await tx
    .insert(attempts)
    .values({
      id: newId('att'),
      deploymentId: row.id,
      number,
      marker: `aether-${row.id.replace(/^dep_/, '')}-${number}`,
      state: 'sending',
      leaseUntil: sql`now() + make_interval(secs => ${LEASE_SECONDS})`,
      sentAt: sql`now()`,
    })
    .returning();
  if (!attempt) throw new Error('The attempt was not written.');
  return attempt;
}
