import { emitAudit } from '@/lib/audit/emit';
import type { ServiceContext, Tx } from '@/lib/auth/context';
import { publish } from '@/lib/realtime/publish';

/** The audit line and the live event of one change, in the transaction that makes it. */
export async function record(
  tx: Tx,
  ctx: ServiceContext,
  userId: string,
  what: { verb: string; sentence: string; data?: Record<string, unknown> },
): Promise<void> {
  await emitAudit(tx, ctx, {
    action: `member.${what.verb}`,
    resource: { kind: 'member', id: userId },
    outcome: 'done',
    sentence: what.sentence,
    data: what.data,
  });
  await publish(tx, { topic: 'member', kind: `member.${what.verb}`, actorName: ctx.actor.name, data: { userId } });
}
