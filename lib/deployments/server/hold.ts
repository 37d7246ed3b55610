import { desc, eq } from 'drizzle-orm';
import { type Actor, personId } from '@/lib/auth/actor';
import type { ServiceContext, Tx } from '@/lib/auth/context';
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

/** A re-run of a roll-back that had lost its pin with its failure is a roll-back again. */
export async function holdAgain(
  tx: Tx,
  ctx: ServiceContext,
  source: DeploymentRow,
  deploymentId: string,
): Promise<void> {
  const [lost] = await tx
    .select()
    .from(pins)
    .where(eq(pins.deploymentId, source.id))
    .orderBy(desc(pins.createdAt))
    .limit(1);
  if (lost?.kind !== 'rollback') return;
  await hold(tx, ctx, { targetId: source.targetId, deploymentId, reason: lost.reason, by: ctx.actor });
}
