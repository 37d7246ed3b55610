import { emitAudit } from '@/lib/audit/emit';
import type { ServiceContext } from '@/lib/auth/context';
import type { DbOrTx } from '@/lib/db/client';
import { publish } from '@/lib/realtime/publish';

/** The audit line and the live event of one change, in the transaction that makes it. */
export async function record(
  tx: DbOrTx,
  ctx: ServiceContext,
  connectionId: string,
  what: { verb: string; sentence: string; outcome?: 'done' | 'failed'; code?: string; data?: Record<string, unknown> },
): Promise<void> {
  await emitAudit(tx, ctx, {
    action: `connection.${what.verb}`,
    resource: { kind: 'connection', id: connectionId },
    outcome: what.outcome ?? 'done',
    code: what.code,
    sentence: what.sentence,
    data: what.data,
  });
  await publish(tx, {
    topic: 'connection',
    kind: `connection.${what.verb}`,
    actorName: ctx.actor.name,
    data: { connectionId },
  });
}
