import { and, eq, isNull, sql } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { freezes } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { type UpdateFreezeInput, updateFreezeInput } from '../model/schemas';
import { requireTimes } from './freeze';
import { requireOwnFreeze, takeFreeze } from './own-freeze';
import { recordFreeze } from './record-freeze';
import { reachOf, slugOf } from './scope';
import { wakeHeld } from './wake-held';

/** Changes a freeze. It may let through what was held, so it takes its author or an administrator. */
export async function updateFreeze(
  ctx: ServiceContext,
  raw: UpdateFreezeInput,
): Promise<{ freezeId: string; version: number }> {
  const { id, version, ...change } = updateFreezeInput.parse(raw);
  return ctx.db.transaction(async (tx) => {
    const reach = await reachOf(tx, { ...change, targetId: null });
    const { row, before, taken } = await takeFreeze(tx, id, reach.environmentId);
    requireOwnFreeze(ctx.actor, row, before);
    const after = slugOf(
      reach,
      taken.filter((each) => each.id === reach.environmentId),
    );
    if (after !== before) requireOwnFreeze(ctx.actor, row, after);
    await requireTimes(tx, change);
    const [updated] = await tx
      .update(freezes)
      // It is another freeze from now on: what was let through the old one asks again.
      .set({ ...change, version: version + 1, createdAt: sql`clock_timestamp()` })
      .where(and(eq(freezes.id, id), eq(freezes.version, version), isNull(freezes.endedAt)))
      .returning();
    if (!updated)
      throw new ServiceError('conflict', 'freeze_changed', 'Somebody changed it meanwhile. Reload the page and look.');
    await recordFreeze(tx, ctx, updated, { verb: 'update', says: 'Changed the freeze', environment: after });
    await wakeHeld(tx, ctx, row);
    return { freezeId: id, version: updated.version };
  });
}
