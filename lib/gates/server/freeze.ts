import { sql } from 'drizzle-orm';
import { personId } from '@/lib/auth/actor';
import type { ServiceContext, Tx } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { freezes } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { newId } from '@/lib/kernel/ids';
import { type FreezeInput, freezeInput } from '../model/schemas';
import { type FreezeTimes, problemOfTimes } from '../model/windows';
import { databaseNow } from './holds';
import { takeEnvironments } from './locking';
import { recordFreeze } from './record-freeze';
import { reachOf, slugOf } from './scope';
import { wakeHeld } from './wake-held';

/** Plans a freeze. When this has returned, nothing is sent in its windows any more, except what is let through. */
export async function createFreeze(
  ctx: ServiceContext,
  raw: FreezeInput,
): Promise<{ freezeId: string; version: number }> {
  const input = freezeInput.parse(raw);
  return ctx.db.transaction(async (tx) => {
    const reach = await reachOf(tx, { ...input, targetId: null });
    const taken = await takeEnvironments(tx, reach.environmentId);
    const environment = slugOf(reach, taken);
    requirePermission(ctx.actor, 'freeze.manage', environment);
    await requireTimes(tx, input);
    const [row] = await tx
      .insert(freezes)
      .values({
        id: newId('frz'),
        ...input,
        createdBy: personId(ctx.actor) ?? 'system',
        createdByName: ctx.actor.name,
        // Not the transaction's beginning: an override that we waited for has not seen this freeze.
        createdAt: sql`clock_timestamp()`,
      })
      .returning();
    if (!row) throw new Error('The freeze was not written.');
    await recordFreeze(tx, ctx, row, { verb: 'create', says: 'Planned the freeze', environment });
    // What waits says at once why.
    await wakeHeld(tx, ctx, row);
    return { freezeId: row.id, version: row.version };
  });
}

/** Throws `ServiceError` invalid for times that no calendar has, or that are over. */
export async function requireTimes(tx: Tx, times: FreezeTimes): Promise<void> {
  const problem = problemOfTimes(times, await databaseNow(tx));
  if (!problem) return;
  throw new ServiceError('invalid', problem.code, problem.sentence, { [problem.field]: problem.sentence });
}
