import { and, eq, isNull, sql } from 'drizzle-orm';
import { personId } from '@/lib/auth/actor';
import type { ServiceContext } from '@/lib/auth/context';
import { freezes } from '@/lib/db/schema';
import { type EndFreezeInput, endFreezeInput } from '../model/schemas';
import { requireOwnFreeze, takeFreeze } from './own-freeze';
import { recordFreeze } from './record-freeze';
import { wakeHeld } from './wake-held';

/** Ends a freeze for good; what it held goes on. */
export async function endFreeze(ctx: ServiceContext, raw: EndFreezeInput): Promise<{ ended: boolean }> {
  const { freezeId, reason } = endFreezeInput.parse(raw);
  return ctx.db.transaction(async (tx) => {
    const { row, before } = await takeFreeze(tx, freezeId, null);
    requireOwnFreeze(ctx.actor, row, before);
    const [ended] = await tx
      .update(freezes)
      .set({
        endedAt: sql`now()`,
        endedBy: personId(ctx.actor) ?? ctx.actor.name,
        endReason: reason,
        version: row.version + 1,
      })
      .where(and(eq(freezes.id, freezeId), isNull(freezes.endedAt)))
      .returning();
    if (!ended) return { ended: false };
    await recordFreeze(tx, ctx, ended, { verb: 'end', says: 'Ended the freeze', environment: before, reason });
    await wakeHeld(tx, ctx, ended);
    return { ended: true };
  });
}
