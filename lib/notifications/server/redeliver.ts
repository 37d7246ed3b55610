import { and, eq, ne, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { ServiceContext } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { notifications } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import type { notificationRef } from '../model/schemas';
import { record } from './rows';

/** Sends it once more, with the same id, whether it was delivered or given up. */
export async function redeliver(ctx: ServiceContext, input: z.output<typeof notificationRef>): Promise<void> {
  requirePermission(ctx.actor, 'subscription.manage', null);
  await ctx.db.transaction(async (tx) => {
    const [row] = await tx
      .update(notifications)
      .set({ state: 'pending', tries: 0, nextTryAt: sql`now()`, deliveredAt: null })
      .where(and(eq(notifications.id, input.notificationId), ne(notifications.state, 'pending')))
      .returning();
    if (row) {
      const sentence = `Asked for ${row.event} (${row.id}) to be delivered again.`;
      await record(tx, ctx, row.subscriptionId, { verb: 'redeliver', sentence });
      return;
    }
    const known = await tx.$count(notifications, eq(notifications.id, input.notificationId));
    throw known > 0
      ? new ServiceError(
          'conflict',
          'already_waiting',
          'It already waits to be delivered; its next try is in the list.',
        )
      : new ServiceError('notFound', 'notification_unknown', 'This message is not in the ledger any more.');
  });
}
