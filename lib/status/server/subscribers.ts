import { and, asc, eq, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { emitAudit } from '@/lib/audit/emit';
import type { ServiceContext } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { statusSubscribers, subscriptions } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import type { subscriberRef } from '../model/schemas';
import { STOPPED_WORDS } from '../model/stopped';
import type { SubscriberView } from '../model/view';

const MOST = 1_000;
const of = sql`from notifications n where n.subscription_id = ${subscriptions.id}`;

/** Who follows the page: origins only. */
export async function listSubscribers(ctx: ServiceContext): Promise<SubscriberView[]> {
  requirePermission(ctx.actor, 'subscription.manage', null);
  const rows = await ctx.db
    .select({
      ...{ id: subscriptions.id, origin: subscriptions.origin, since: statusSubscribers.confirmedAt },
      stopped: subscriptions.disabledAt,
      delivered: sql<number>`(select count(*)::int ${of} and n.state = 'delivered')`,
      pending: sql<number>`(select count(*)::int ${of} and n.state = 'pending')`,
      dead: sql<number>`(select count(*)::int ${of} and n.state = 'dead')`,
      trouble: sql<string | null>`(select n.last_error ${of} order by n.created_at desc limit 1)`,
    })
    .from(subscriptions)
    .innerJoin(statusSubscribers, eq(statusSubscribers.subscriptionId, subscriptions.id))
    .orderBy(asc(statusSubscribers.confirmedAt))
    .limit(MOST);
  return rows.map(({ since, stopped, ...row }) => ({
    ...{ ...row, since: since.toISOString() },
    stopped: stopped && { at: stopped.toISOString(), because: STOPPED_WORDS },
  }));
}

/** Takes a follower away, with what was to be sent. Throws `ServiceError` notFound. */
export async function removeSubscriber(
  ctx: ServiceContext,
  { subscriberId }: z.output<typeof subscriberRef>,
): Promise<void> {
  requirePermission(ctx.actor, 'subscription.manage', null);
  await ctx.db.transaction(async (tx) => {
    const [row] = await tx
      .delete(subscriptions)
      .where(and(eq(subscriptions.id, subscriberId), eq(subscriptions.kind, 'status')))
      .returning({ origin: subscriptions.origin });
    if (!row) {
      const sentence = 'This subscriber is not there any more. Reload the page.';
      throw new ServiceError('notFound', 'subscriber_unknown', sentence);
    }
    await emitAudit(tx, ctx, {
      action: 'status.remove-subscriber',
      resource: { kind: 'subscription', id: subscriberId },
      outcome: 'done',
      sentence: `${row.origin} does not follow the status page any more.`,
      data: { origin: row.origin },
    });
  });
}
