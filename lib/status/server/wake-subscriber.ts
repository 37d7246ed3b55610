import { and, eq, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { emitAudit } from '@/lib/audit/emit';
import type { ServiceContext, Tx } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { statusSubscribers, subscriptions } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { notificationSettings, openAddress } from '@/lib/notifications/server';
import type { subscriberRef } from '../model/schemas';
import { requireAnswer, strangersAddress } from './challenge';
import { lockFollowers, requireRoom } from './room';

/**
 * A follower that was stopped is asked the challenge once more, and is told again from the next message on when it answers and
 * there is room for it: others may have taken its place meanwhile. Throws `ServiceError`: notFound, `not_stopped`,
 * `challenge_failed` where nobody answers, `no_room`.
 */
export async function wakeSubscriber(
  ctx: ServiceContext,
  { subscriberId }: z.output<typeof subscriberRef>,
  settings = notificationSettings(),
): Promise<void> {
  requirePermission(ctx.actor, 'subscription.manage', null);
  const follower = and(eq(subscriptions.id, subscriberId), eq(subscriptions.kind, 'status'));
  const [row] = await ctx.db.select().from(subscriptions).where(follower);
  if (!row) throw new ServiceError('notFound', 'subscriber_unknown', GONE);
  if (row.disabledAt === null) throw toldAlready();
  await requireAnswer(ctx, strangersAddress(openAddress(settings.keys, row), settings.rules));
  await ctx.db.transaction(async (tx) => {
    await lockFollowers(tx);
    const source = await stoppedSource(tx, subscriberId);
    await requireRoom(tx, source, row.origin, NO_ROOM);
    const change = { disabledAt: null, version: sql`${subscriptions.version} + 1` };
    await tx.update(subscriptions).set(change).where(follower);
    // What was given up before says nothing of it any more.
    await tx
      .update(statusSubscribers)
      .set({ confirmedAt: sql`now()` })
      .where(eq(statusSubscribers.subscriptionId, subscriberId));
    await emitAudit(tx, ctx, {
      action: 'status.wake-subscriber',
      resource: { kind: 'subscription', id: subscriberId },
      outcome: 'done',
      sentence: `${row.origin} answered the challenge and is told again.`,
      data: { origin: row.origin },
    });
  });
}

/** From which network it follows, its row held. Somebody else may have woken or removed it while it was asked. */
async function stoppedSource(tx: Tx, subscriberId: string): Promise<string> {
  const [found] = await tx
    .select({ disabledAt: subscriptions.disabledAt, source: statusSubscribers.source })
    .from(subscriptions)
    .innerJoin(statusSubscribers, eq(statusSubscribers.subscriptionId, subscriptions.id))
    .where(eq(subscriptions.id, subscriberId))
    .for('update');
  if (!found) throw new ServiceError('notFound', 'subscriber_unknown', GONE);
  if (found.disabledAt === null) throw toldAlready();
  return found.source;
}

const NO_ROOM =
  'As many as may follow from its network, at its host or in all do so already. Remove one that is not needed, then wake this one.';

const GONE = 'This follower is not there any more. Reload the page.';

const toldAlready = () =>
  new ServiceError(
    'precondition',
    'not_stopped',
    'This follower is told already. Reload the page to see how it stands.',
  );
