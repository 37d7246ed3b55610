import { and, asc, desc, eq, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { ServiceContext } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { cursorAt, exactly, placeAt } from '@/lib/db/keyset';
import { notifications, subscriptions, users } from '@/lib/db/schema';
import type { ledgerInput } from '../model/schemas';
import type { Ledger, NotificationView, SubscriptionView } from '../model/view';
import { messageOf, ours, subscriptionUnknown } from './rows';

const day = sql`n.created_at > now() - interval '24 hours'`;

const columns = {
  row: subscriptions,
  createdByName: users.name,
  delivered: sql<number>`(select count(*)::int from notifications n where n.subscription_id = ${subscriptions.id} and n.state = 'delivered' and ${day})`,
  pending: sql<number>`(select count(*)::int from notifications n where n.subscription_id = ${subscriptions.id} and n.state = 'pending')`,
  dead: sql<number>`(select count(*)::int from notifications n where n.subscription_id = ${subscriptions.id} and n.state = 'dead' and ${day})`,
  lastDeliveredAt:
    sql<Date | null>`(select max(n.delivered_at) from notifications n where n.subscription_id = ${subscriptions.id})`.mapWith(
      notifications.deliveredAt,
    ),
  trouble: sql<
    string | null
  >`(select n.last_error from notifications n where n.subscription_id = ${subscriptions.id} order by n.created_at desc limit 1)`,
};

type Found = {
  row: typeof subscriptions.$inferSelect;
  createdByName: string | null;
  delivered: number;
  pending: number;
  dead: number;
  lastDeliveredAt: Date | null;
  trouble: string | null;
};

function view({ row, createdByName, lastDeliveredAt, ...counts }: Found): SubscriptionView {
  const { id, name, origin, events, environmentPattern, version } = row;
  return {
    ...{ id, name, origin, events, environmentPattern, version },
    kind: row.kind === 'slack' ? 'slack' : 'webhook',
    ...counts,
    createdBy: createdByName ?? row.createdBy,
    createdAt: row.createdAt.toISOString(),
    disabledAt: row.disabledAt?.toISOString() ?? null,
    lastDeliveredAt: lastDeliveredAt?.toISOString() ?? null,
  };
}

/** All subscriptions, by name. */
export async function listSubscriptions(ctx: ServiceContext): Promise<SubscriptionView[]> {
  requirePermission(ctx.actor, 'subscription.manage', null);
  const rows = await ctx.db
    .select(columns)
    .from(subscriptions)
    .leftJoin(users, eq(users.id, subscriptions.createdBy))
    .where(ours)
    .orderBy(asc(subscriptions.name))
    .limit(500);
  return rows.map(view);
}

function notificationView(row: typeof notifications.$inferSelect): NotificationView {
  const { id, event, state, tries, lastStatus, lastError } = row;
  return {
    ...{ id, event, state, tries, lastStatus, lastError },
    sentence: messageOf(row).data.sentence,
    nextTryAt: row.nextTryAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    deliveredAt: row.deliveredAt?.toISOString() ?? null,
  };
}

/** What was to be told to one subscription, newest first. Throws `ServiceError` notFound. */
export async function readLedger(ctx: ServiceContext, input: z.output<typeof ledgerInput>): Promise<Ledger> {
  requirePermission(ctx.actor, 'subscription.manage', null);
  const [found] = await ctx.db
    .select(columns)
    .from(subscriptions)
    .leftJoin(users, eq(users.id, subscriptions.createdBy))
    .where(and(eq(subscriptions.id, input.id), ours));
  if (!found) throw subscriptionUnknown();
  const rows = await ctx.db
    .select({ row: notifications, at: exactly(notifications.createdAt) })
    .from(notifications)
    .where(
      and(
        eq(notifications.subscriptionId, input.id),
        input.state ? eq(notifications.state, input.state) : undefined,
        olderThan(input.cursor),
      ),
    )
    .orderBy(desc(notifications.createdAt), desc(notifications.id))
    .limit(input.limit + 1);
  const page = rows.slice(0, input.limit);
  const last = rows.length > input.limit ? page.at(-1) : undefined;
  return {
    subscription: view(found),
    rows: page.map(({ row }) => notificationView(row)),
    nextCursor: last ? cursorAt({ at: last.at, id: last.row.id }) : null,
  };
}

function olderThan(cursor: string | undefined) {
  if (cursor === undefined) return undefined;
  const { at, id } = placeAt(cursor, /^[\w-]{1,60}$/);
  return sql`(${notifications.createdAt}, ${notifications.id}) < (${at}::timestamptz, ${id})`;
}
