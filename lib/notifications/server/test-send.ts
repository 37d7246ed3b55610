import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { ServiceContext } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { ServiceError } from '@/lib/kernel/errors';
import { TEST_EVENT } from '../model/events';
import type { subscriptionRef } from '../model/schemas';
import { publicUrl } from './public-url';
import { enter, lockSubscription, record } from './rows';

/**
 * Enters a message like any other, so that what is tested is the real way. Answers its id in the ledger. Throws
 * `ServiceError` precondition `subscription_off`: it would only be kept until somebody turns the receiver on.
 */
export async function testSubscription(
  ctx: ServiceContext,
  input: z.output<typeof subscriptionRef>,
): Promise<{ notificationId: string }> {
  requirePermission(ctx.actor, 'subscription.manage', null);
  return await ctx.db.transaction(async (tx) => {
    const row = await lockSubscription(tx, input.id);
    if (row.disabledAt !== null) throw isOff(row.name);
    // Real events have positive numbers.
    const eventId = sql`-(extract(epoch from clock_timestamp()) * 1000000)::bigint`;
    const data = {
      sentence: `A test of “${row.name}”. Nothing happened.`,
      actor: ctx.actor.name,
      url: publicUrl('/subscriptions'),
      component: null,
      environment: null,
      label: '',
      deployment: null,
      connection: null,
    };
    const message = { type: TEST_EVENT, timestamp: new Date(ctx.clock.now()).toISOString(), data };
    const notificationId = await enter(tx, row.id, message, eventId);
    await record(tx, ctx, row.id, { verb: 'test', sentence: `Sent a test to “${row.name}”.` });
    return { notificationId: notificationId ?? '' };
  });
}

function isOff(name: string): ServiceError {
  return new ServiceError(
    'precondition',
    'subscription_off',
    `“${name}” is off, so no test is sent. Turn it on first.`,
  );
}
