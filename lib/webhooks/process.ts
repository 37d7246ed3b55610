import { and, asc, eq, inArray, isNotNull, isNull, lt, or, sql } from 'drizzle-orm';
import { emitAudit } from '@/lib/audit/emit';
import type { DbOrTx, ServiceContext } from '@/lib/auth/context';
import { MAX_TRIES } from '@/lib/connections/model/delivery';
import { deployments, inbox } from '@/lib/db/schema';
import { IN_FLIGHT_STATUSES } from '@/lib/deployments/model/status';

/** A delivery only makes the next look sooner, so nothing is lost with it. */
const SET_ASIDE = `Set aside after ${MAX_TRIES} tries; what it was about is looked at anyway.`;

type Delivery = Pick<typeof inbox.$inferSelect, 'id' | 'deliveryId' | 'event' | 'tries'>;

/**
 * A delivery is only a hint: it wakes the deployments it may be about, which then ask the provider. Many are worked through
 * together; where that fails, each by itself, so that only the one that is at fault counts as failed: the sweep takes it again.
 * Throws what one that came alone said that is to be tried again.
 */
export async function processDeliveries(ctx: ServiceContext, ids: readonly string[]): Promise<void> {
  const rows = await claim(ctx, ids);
  if (rows.length === 0) return;
  if (rows.length > 1 && (await succeeds(wakeConcerned(ctx, rows)))) return;
  for (const row of rows) {
    const failed = await processOne(ctx, row);
    if (failed && rows.length === 1) throw failed;
  }
}

const succeeds = (work: Promise<void>) =>
  work.then(
    () => true,
    () => false,
  );

/** Their tries are counted before anything else: one that ends the process counts, too. */
function claim(ctx: ServiceContext, ids: readonly string[]): Promise<Delivery[]> {
  const waiting = ctx.db
    .select({ id: inbox.id })
    .from(inbox)
    .where(and(inArray(inbox.id, [...ids]), inArray(inbox.state, ['received', 'failed'])))
    .orderBy(asc(inbox.id))
    .for('update', { skipLocked: true });
  return ctx.db
    .update(inbox)
    .set({ tries: sql`${inbox.tries} + 1` })
    .where(inArray(inbox.id, waiting))
    .returning({ id: inbox.id, deliveryId: inbox.deliveryId, event: inbox.event, tries: inbox.tries });
}

/** Returns what went wrong where it is to be tried again. */
async function processOne(ctx: ServiceContext, row: Delivery): Promise<unknown> {
  try {
    await wakeConcerned(ctx, [row]);
    return null;
  } catch (error) {
    const over = row.tries >= MAX_TRIES;
    await ctx.db
      .update(inbox)
      .set({ state: 'failed', note: over ? SET_ASIDE : 'Tried again soon.' })
      .where(eq(inbox.id, row.id));
    if (!over) return error;
    await emitAudit(ctx.db, ctx, {
      action: 'webhook.set_aside',
      resource: { kind: 'delivery', id: row.id },
      outcome: 'failed',
      code: 'set_aside',
      sentence: `A delivery (${row.event}) could not be processed. ${SET_ASIDE}`,
      data: { deliveryId: row.deliveryId, error: error instanceof Error ? error.name : 'unknown' },
    });
    return null;
  }
}

const MOST_WOKEN = 200;

/** Wakes each deployment once, however many of these are about it, and writes down with each what it woke. */
async function wakeConcerned(ctx: ServiceContext, rows: Delivery[]): Promise<void> {
  const ids = rows.map(({ id }) => id);
  const concerned = ctx.db
    .select({ id: deployments.id })
    .from(deployments)
    .where(
      and(
        eq(deployments.connectionId, inbox.connectionId),
        inArray(deployments.status, [...IN_FLIGHT_STATUSES]),
        // A run that we do not know yet may be the one that an unanswered request started.
        or(eq(deployments.remoteId, inbox.remoteId), isNull(deployments.remoteId)),
      ),
    )
    .limit(MOST_WOKEN)
    .as('concerned');
  const pairs = await ctx.db
    .select({ inboxId: inbox.id, deploymentId: concerned.id })
    .from(inbox)
    .innerJoinLateral(concerned, sql`true`)
    .where(and(inArray(inbox.id, ids), isNotNull(inbox.remoteId)));
  for (const id of new Set(pairs.map(({ deploymentId }) => deploymentId))) await ctx.queue.wakeDeployment(ctx.db, id);
  const woken = new Map<string, number>();
  for (const { inboxId } of pairs) woken.set(inboxId, (woken.get(inboxId) ?? 0) + 1);
  await settle(
    ctx,
    Map.groupBy(ids, (id) => woken.get(id) ?? 0),
  );
}

async function settle(ctx: ServiceContext, byWoken: Map<number, string[]>): Promise<void> {
  for (const [woken, ids] of byWoken) {
    const note = woken > 0 ? `Woke ${woken} deployment${woken === 1 ? '' : 's'}.` : 'About nothing that is on its way.';
    await ctx.db
      .update(inbox)
      .set({ state: woken > 0 ? 'processed' : 'ignored', note, processedAt: sql`now()` })
      .where(inArray(inbox.id, ids));
  }
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
  const ids = stuck.map(({ id }) => id);
  if (ids.length > 0) await ctx.queue.wakeInbox(ctx.db, ids);
  return ids.length;
}

/** Written out, so that the partial index `inbox_waiting` serves it: this is asked every second. */
export function stuckDeliveries() {
  return sql`state in ('received','failed') and tries < ${sql.raw(String(MAX_TRIES))} and received_at < now() - interval '20 seconds'`;
}
