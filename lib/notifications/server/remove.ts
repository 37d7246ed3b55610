import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { ServiceContext } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { subscriptions } from '@/lib/db/schema';
import type { removeSubscriptionInput } from '../model/schemas';
import { changedMeanwhile, lockSubscription, record } from './rows';

/** Address, secret and ledger go with it; the audit log keeps that it was there. */
export async function removeSubscription(
  ctx: ServiceContext,
  input: z.output<typeof removeSubscriptionInput>,
): Promise<void> {
  requirePermission(ctx.actor, 'subscription.manage', null);
  await ctx.db.transaction(async (tx) => {
    const row = await lockSubscription(tx, input.id);
    if (row.version !== input.version) throw changedMeanwhile();
    await tx.delete(subscriptions).where(eq(subscriptions.id, row.id));
    await record(tx, ctx, row.id, {
      verb: 'remove',
      sentence: `Removed “${row.name}” at ${row.origin}.`,
      data: { origin: row.origin },
    });
  });
}
