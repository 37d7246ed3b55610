import { and, eq, ne } from 'drizzle-orm';
import type { z } from 'zod';
import type { ServiceContext } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { inbox } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { UNREADABLE } from '../model/delivery';
import type { deliveryRef } from '../model/schemas';
import { record } from './record';

/**
 * Processes a webhook delivery that failed once more, from the bytes that were kept. A delivery only wakes deployments, which
 * then ask the provider, so again has no second effect. Throws `ServiceError` notFound or conflict.
 */
export async function replayDelivery(ctx: ServiceContext, input: z.output<typeof deliveryRef>): Promise<void> {
  requirePermission(ctx.actor, 'connection.check', null);
  await ctx.db.transaction(async (tx) => {
    const [row] = await tx
      .update(inbox)
      .set({ state: 'received', tries: 0, note: 'Asked for once more.', processedAt: null })
      .where(and(eq(inbox.id, input.deliveryId), eq(inbox.state, 'failed'), ne(inbox.event, UNREADABLE)))
      .returning({ id: inbox.id, event: inbox.event, deliveryId: inbox.deliveryId, connectionId: inbox.connectionId });
    if (!row) {
      const [known] = await tx
        .select({ state: inbox.state, event: inbox.event })
        .from(inbox)
        .where(eq(inbox.id, input.deliveryId));
      throw whyNot(known);
    }
    await ctx.queue.wakeInbox(tx, [row.id]);
    const sentence = `Asked for the webhook ${row.event} (${row.deliveryId}) to be processed once more.`;
    await record(tx, ctx, row.connectionId ?? '', {
      ...{ verb: 'replay-delivery', sentence },
      data: { inboxId: row.id, deliveryId: row.deliveryId },
    });
  });
}

function whyNot(known: { state: string; event: string } | undefined): ServiceError {
  if (!known)
    return new ServiceError('notFound', 'delivery_unknown', 'This delivery is not kept any more. Reload the page.');
  if (known.event === UNREADABLE)
    return new ServiceError(
      'conflict',
      'delivery_unreadable',
      'There is no payload in it that can be read. Have the provider send it again.',
    );
  return known.state === 'received'
    ? new ServiceError('conflict', 'already_waiting', 'It already waits to be processed; reload in a moment.')
    : new ServiceError('conflict', 'already_processed', 'It was processed, so there is nothing to do again.');
}
