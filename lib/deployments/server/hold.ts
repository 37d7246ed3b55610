import { and, desc, eq, type SQL, sql } from 'drizzle-orm';
import { type Actor, personId } from '@/lib/auth/actor';
import type { DbOrTx, ServiceContext, Tx } from '@/lib/auth/context';
import { pins } from '@/lib/db/schema';
import { newId } from '@/lib/kernel/ids';
import { publish } from '@/lib/realtime/publish';
import type { DeploymentRow } from './rows';

/** Holds the target at what a roll-back puts there, in the transaction that asks for it. */
export async function hold(
  tx: Tx,
  ctx: ServiceContext,
  pin: { targetId: string; deploymentId: string; reason: string; by: Actor },
): Promise<void> {
  const { targetId, deploymentId, reason, by } = pin;
  await tx.insert(pins).values({
    id: newId('pin'),
    targetId,
    kind: 'rollback',
    reason,
    createdBy: personId(by) ?? 'system',
    createdByName: by.name,
    deploymentId,
  });
  const data = { reason };
  await publish(tx, { topic: 'pin', kind: 'pinned', targetId, deploymentId, actorName: ctx.actor.name, data });
}

/** The pin that came with a deployment, also one that is lifted by now. */
async function ownPin(db: DbOrTx, deploymentId: string): Promise<typeof pins.$inferSelect | null> {
  const own = and(eq(pins.deploymentId, deploymentId), eq(pins.kind, 'rollback'));
  const [pin] = await db.select().from(pins).where(own).orderBy(desc(pins.createdAt)).limit(1);
  return pin ?? null;
}

export async function holdsTarget(db: DbOrTx, deploymentId: string): Promise<boolean> {
  return (await ownPin(db, deploymentId))?.liftedAt === null;
}

/** A roll-back, or a re-run of one: it is meant to be older than what is live. */
export async function goesBack(db: DbOrTx, row: Pick<DeploymentRow, 'id' | 'kind'>): Promise<boolean> {
  if (row.kind !== 'retry') return row.kind === 'rollback';
  return (await ownPin(db, row.id)) !== null;
}

/** The same in SQL, of the deployment that goes by the name `row` there. */
export const goesBackSql = (row: SQL): SQL => sql`(${row}.kind = 'rollback' or ${row}.kind = 'retry' and exists (
  select from ${pins} p where p.deployment_id = ${row}.id and p.kind = 'rollback'))`;

/** A re-run of a roll-back is one as well, and holds the target itself, whatever became of the pin of the first. */
export async function holdAgain(
  tx: Tx,
  ctx: ServiceContext,
  source: DeploymentRow,
  deploymentId: string,
): Promise<void> {
  const lost = await ownPin(tx, source.id);
  if (lost) await hold(tx, ctx, { targetId: source.targetId, deploymentId, reason: lost.reason, by: ctx.actor });
}
