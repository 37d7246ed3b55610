import { and, eq, inArray, isNull, ne, sql } from 'drizzle-orm';
import { emitAudit } from '@/lib/audit/emit';
import type { ServiceContext, Tx } from '@/lib/auth/context';
import { attempts, deployments, pins } from '@/lib/db/schema';
import { publish } from '@/lib/realtime/publish';
import { TERMINAL_STATUSES } from '../model/status';
import { canFind } from './find-run';
import { type DeploymentRow, slugOf } from './rows';

/**
 * What becomes of a roll-back's pin when it ends, in the same commit. It is lifted only where no run of it began; else half of it
 * may be there, so the pin stays, because what it holds back would go live by itself.
 */
export async function settleOwnPin(tx: Tx, ctx: ServiceContext, from: DeploymentRow, to: DeploymentRow): Promise<void> {
  if (!(await hasOpenPin(tx, to.id))) return;
  if (to.status === 'succeeded') return replaceOthers(tx, ctx, to);
  if (await neverBegan(tx, from)) return drop(tx, ctx, to);
  const sentence = `Nobody can tell how much of #${to.number} took effect, so its hold stays and nothing is sent to this target. Look at what is live, then go back once more or lift the hold.`;
  const data = { sentence };
  const about = { deploymentId: to.id, targetId: to.targetId, actorName: ctx.actor.name };
  await publish(tx, { topic: 'deployment', kind: 'pin_kept', ...about, data });
}

export async function hasOpenPin(tx: Tx, deploymentId: string): Promise<boolean> {
  const own = and(eq(pins.deploymentId, deploymentId), eq(pins.kind, 'rollback'), isNull(pins.liftedAt));
  const [pin] = await tx.select({ id: pins.id }).from(pins).where(own).limit(1);
  return pin !== undefined;
}

/** No request of it can have started a run. */
async function neverBegan(tx: Tx, from: DeploymentRow): Promise<boolean> {
  if (from.lookFirst) return false;
  const findable = canFind(from);
  const sent = await tx.select({ state: attempts.state }).from(attempts).where(eq(attempts.deploymentId, from.id));
  return sent.every(({ state }) => state === 'refused' || (state === 'absent' && findable));
}

/** What never got live holds nothing in place, and the timeline says so. */
async function drop(tx: Tx, ctx: ServiceContext, row: DeploymentRow): Promise<void> {
  const others = await tx.$count(pins, and(openHere(row.targetId), ne(pins.deploymentId, row.id)));
  const then = others > 0 ? ' The hold of another roll-back stays.' : ' What waits for this target goes on.';
  const reason = `#${row.number} never got live, so its hold is lifted.${then}`;
  await lift(tx, ctx, row, reason, await openPinsOf(tx, [row.id]));
}

/**
 * One roll-back holds the target: the one that is live. Lifting its pin lets through again, whatever was live before it.
 * One that is still to come keeps its own, or it would be live with nothing that holds it.
 */
async function replaceOthers(tx: Tx, ctx: ServiceContext, row: DeploymentRow): Promise<void> {
  const others = await tx
    .select({ id: pins.id })
    .from(pins)
    .innerJoin(deployments, eq(deployments.id, pins.deploymentId))
    .where(
      and(openHere(row.targetId), ne(deployments.id, row.id), inArray(deployments.status, [...TERMINAL_STATUSES])),
    );
  const reason = `#${row.number} is live and holds the target now, in place of the roll-back before it.`;
  await lift(tx, ctx, row, reason, others);
}

const openHere = (targetId: string) =>
  and(eq(pins.targetId, targetId), eq(pins.kind, 'rollback'), isNull(pins.liftedAt));

function openPinsOf(tx: Tx, deploymentIds: string[]): Promise<{ id: string }[]> {
  const open = and(inArray(pins.deploymentId, deploymentIds), isNull(pins.liftedAt));
  return tx.select({ id: pins.id }).from(pins).where(open);
}

async function lift(
  tx: Tx,
  ctx: ServiceContext,
  row: DeploymentRow,
  reason: string,
  which: { id: string }[],
): Promise<void> {
  if (which.length === 0) return;
  const ids = which.map(({ id }) => id);
  const lifted = await tx
    .update(pins)
    .set({ liftedAt: sql`now()`, liftedBy: 'AetherStack', liftReason: reason })
    .where(and(inArray(pins.id, ids), isNull(pins.liftedAt)))
    .returning({ id: pins.id });
  if (lifted.length === 0) return;
  const about = { deploymentId: row.id, targetId: row.targetId, actorName: ctx.actor.name };
  await publish(tx, { topic: 'pin', kind: 'lifted', ...about, data: { sentence: reason } });
  const environment = await slugOf(tx, row);
  for (const { id } of lifted)
    await emitAudit(tx, ctx, {
      action: 'pin.lift',
      resource: { kind: 'pin', id },
      environment,
      outcome: 'done',
      sentence: reason,
    });
}
