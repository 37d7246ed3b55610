import { and, desc, eq, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { ServiceContext } from '@/lib/auth/context';
import { requireAnywhere } from '@/lib/auth/require';
import { cursorInvalid } from '@/lib/db/keyset';
import { inbox } from '@/lib/db/schema';
import type { Page } from '@/lib/kernel/page';
import type { listDeliveriesInput } from '../model/schemas';
import type { DeliveryView } from '../model/view';

const columns = {
  id: inbox.id,
  deliveryId: inbox.deliveryId,
  event: inbox.event,
  action: inbox.action,
  repository: inbox.repository,
  bytes: inbox.bytes,
  state: inbox.state,
  note: inbox.note,
  tries: inbox.tries,
  duplicates: inbox.duplicates,
  receivedAt: inbox.receivedAt,
  processedAt: inbox.processedAt,
};

/** Ids sort by time of arrival, so the id alone is the cursor. */
function before(cursor: string | undefined) {
  if (cursor === undefined) return undefined;
  if (!/^[a-z]{1,8}_[0-9a-z]{26}$/.test(cursor)) throw cursorInvalid();
  return sql`${inbox.id} < ${cursor}`;
}

/** The webhook deliveries of a connection, newest first; their bodies stay in the database. */
export async function listDeliveries(
  ctx: ServiceContext,
  input: z.output<typeof listDeliveriesInput>,
): Promise<Page<DeliveryView>> {
  requireAnywhere(ctx.actor, 'connection.read');
  const rows = await ctx.db
    .select(columns)
    .from(inbox)
    .where(
      and(
        eq(inbox.connectionId, input.connectionId),
        input.state ? eq(inbox.state, input.state) : undefined,
        before(input.cursor),
      ),
    )
    .orderBy(desc(inbox.id))
    .limit(input.limit + 1);
  const page = rows.slice(0, input.limit);
  return {
    rows: page.map((row) => ({
      ...row,
      receivedAt: row.receivedAt.toISOString(),
      processedAt: row.processedAt?.toISOString() ?? null,
    })),
    nextCursor: rows.length > input.limit ? (page.at(-1)?.id ?? null) : null,
  };
}
