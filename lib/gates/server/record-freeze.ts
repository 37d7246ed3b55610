import { emitAudit } from '@/lib/audit/emit';
import type { ServiceContext, Tx } from '@/lib/auth/context';
import { publish } from '@/lib/realtime/publish';
import { freezeSays } from '../model/freeze-words';
import type { FreezeRow } from './holds';

/** The audit line and the live event of one change, in the transaction that makes it. */
export async function recordFreeze(
  tx: Tx,
  ctx: ServiceContext,
  row: FreezeRow,
  what: { verb: 'create' | 'update' | 'end'; says: string; environment: string | null; reason?: string },
): Promise<void> {
  await publish(tx, { topic: 'freeze', kind: what.verb, actorName: ctx.actor.name, data: { freezeId: row.id } });
  await emitAudit(tx, ctx, {
    action: `freeze.${what.verb}`,
    resource: { kind: 'freeze', id: row.id },
    environment: what.environment,
    outcome: 'done',
    sentence: `${what.says} “${row.name}”: ${freezeSays(row)}. ${what.reason ?? row.reason}`,
    data: {
      environmentId: row.environmentId,
      componentId: row.componentId,
      timeZone: row.timeZone,
      startsAt: row.startsAt,
      durationMinutes: row.durationMinutes,
      recurrence: row.recurrence,
    },
  });
}
