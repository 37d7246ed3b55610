import { and, eq, isNotNull, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { emitAudit } from '@/lib/audit/emit';
import type { ServiceContext } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { statusSubscribers, subscriptions } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { notificationSettings, openAddress } from '@/lib/notifications/server';
import type { subscriberRef } from '../model/schemas';
import { requireAnswer, strangersAddress } from './challenge';

/**
 * A follower that was stopped is asked the challenge once more, and is told again from the next message on when it answers.
 * Throws `ServiceError`: notFound, `not_stopped`, or `challenge_failed` where nobody answers.
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
    const change = { disabledAt: null, version: sql`${subscriptions.version} + 1` };
    const stopped = and(follower, isNotNull(subscriptions.disabledAt));
    const [woken] = await tx.update(subscriptions).set(change).where(stopped).returning({ id: subscriptions.id });
    if (!woken) throw toldAlready();
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

const GONE = 'This follower is not there any more. Reload the page.';

const toldAlready = () =>
  new ServiceError(
    'precondition',
    'not_stopped',
    'This follower is told already. Reload the page to see how it stands.',
  );
