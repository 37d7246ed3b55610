import { and, asc, eq, inArray, isNull, lt, or, sql } from 'drizzle-orm';
import { emitAudit } from '@/lib/audit/emit';
import type { DbOrTx, ServiceContext } from '@/lib/auth/context';
import { MAX_TRIES } from '@/lib/connections/model/delivery';
import { deployments, inbox } from '@/lib/db/schema';
import { IN_FLIGHT_STATUSES } from '@/lib/deployments/model/status';

/** A delivery only makes the next look sooner, so nothing is lost with it. */
const SET_ASIDE = `Set aside after ${MAX_TRIES} tries; what it was about is looked at anyway.`;

/** A delivery is only a hint: it wakes the deployments it may be about, which then ask the provider. */
export async function processDelivery(ctx: ServiceContext, inboxId: string): Promise<void> {
  const [row] = await ctx.db
    .update(inbox)
    .set({ tries: sql`${inbox.tries} + 1` })
    .where(and(eq(inbox.id, inboxId), inArray(inbox.state, ['received', 'failed'])))
    .returning();
  if (!row) return;
  try {
    const woken = await wakeConcerned(ctx, row);
    const note = woken > 0 ? `Woke ${woken} deployment${woken === 1 ? '' : 's'}.` : 'About nothing that is on its way.';
    await ctx.db
      .update(inbox)
      .set({ state: woken > 0 ? 'processed' : 'ignored', note, processedAt: sql`now()` })
      .where(eq(inbox.id, row.id));
  } catch (error) {
    const over = row.tries >= MAX_TRIES;
    await ctx.db
      .update(inbox)
      .set({ state: 'failed', note: over ? SET_ASIDE : 'Tried again soon.' })
      .where(eq(inbox.id, row.id));
    if (!over) throw error;
    await emitAudit(ctx.db, ctx, {
      action: 'webhook.set_aside',
      resource: { kind: 'delivery', id: row.id },
      outcome: 'failed',
      code: 'set_aside',
      sentence: `A delivery (${row.event}) could not be processed. ${SET_ASIDE}`,
      data: { deliveryId: row.deliveryId, error: error instanceof Error ? error.name : 'unknown' },
    });
  }
}

async function wakeConcerned(ctx: ServiceContext, delivery: typeof inbox.$inferSelect): Promise<number> {
  if (!delivery.connectionId || !delivery.remoteId) return 0;
  const concerned = await ctx.db
    .select({ id: deployments.id })
    .from(deployments)
    .where(
      and(
        eq(deployments.connectionId, delivery.connectionId),
        inArray(deployments.status, [...IN_FLIGHT_STATUSES]),
        // A run that we do not know yet may be the one that an unanswered request started.
        or(eq(deployments.remoteId, delivery.remoteId), isNull(deployments.remoteId)),
      ),
    )
    .limit(200);
  for (const { id } of concerned) await ctx.queue.wakeDeployment(ctx.db, id);
  return concerned.length;
}

/** Keeps deliveries, bodies and all, for 30 days: longer than any vendor sends one again. Returns how many went. */
export async function pruneInbox(db: DbOrTx): Promise<number> {
  const gone = await db.delete(inbox).where(lt(inbox.receivedAt, sql`now() - interval '30 days'`));
  return gone.rowCount ?? 0;
}

/** Deliveries whose job was lost (a crash between commit and work) are picked up again, oldest first. Returns how many. */
export async function sweepInbox(ctx: ServiceContext): Promise<number> {
  const stuck = await ctx.db
    .select({ id: inbox.id })
    .from(inbox)
    .where(stuckDeliveries())
    .orderBy(asc(inbox.receivedAt))
    .limit(100);
  for (const { id } of stuck) await ctx.queue.wakeInbox(ctx.db, id);
  return stuck.length;
}

/** Written out, so that the partial index `inbox_waiting` serves it: this is asked every second. */
export function stuckDeliveries() {
  return sql`state in ('received','failed') and tries < ${sql.raw(String(MAX_TRIES))} and received_at < now() - interval '20 seconds'`;
}
