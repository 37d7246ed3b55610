import { eq, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { ServiceContext } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { subscriptions } from '@/lib/db/schema';
import type { switchSubscriptionInput } from '../model/schemas';
import { lockSubscription, record } from './rows';

/** Off: nothing new is entered and nothing is sent; what waits is kept for when it is on again. */
export async function switchSubscription(
  ctx: ServiceContext,
  input: z.output<typeof switchSubscriptionInput>,
): Promise<void> {
  requirePermission(ctx.actor, 'subscription.manage', null);
  await ctx.db.transaction(async (tx) => {
    const row = await lockSubscription(tx, input.id);
    if ((row.disabledAt === null) === input.enabled) return;
    await tx
      .update(subscriptions)
      .set({ disabledAt: input.enabled ? null : sql`now()`, version: sql`${subscriptions.version} + 1` })
      .where(eq(subscriptions.id, row.id));
    await record(tx, ctx, row.id, {
      verb: input.enabled ? 'enable' : 'disable',
      sentence: input.enabled ? `“${row.name}” is told again.` : `“${row.name}” is told nothing for now.`,
    });
  });
}
