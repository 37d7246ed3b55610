import { and, eq, ne, sql } from 'drizzle-orm';
import { emitAudit } from '@/lib/audit/emit';
import type { ServiceContext } from '@/lib/auth/context';
import type { DbOrTx } from '@/lib/db/client';
import { notifications, subscriptions } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { newId } from '@/lib/kernel/ids';
import type { Message } from '../model/message';
import type { SubscriptionRow } from './seal';

/** Those of the team: followers of the public status page are told other things, and are kept by lib/status. */
export const ours = ne(subscriptions.kind, 'status');

/** The row, held until the transaction ends. Throws `ServiceError` notFound. */
export async function lockSubscription(tx: DbOrTx, id: string): Promise<SubscriptionRow> {
  const [row] = await tx
    .select()
    .from(subscriptions)
    .where(and(eq(subscriptions.id, id), ours))
    .for('update');
  if (!row) throw subscriptionUnknown();
  return row;
}

export function subscriptionUnknown(): ServiceError {
  return new ServiceError(
    'notFound',
    'subscription_unknown',
    'This subscription does not exist any more. Go back to Notifications and choose another.',
  );
}

export function changedMeanwhile(): ServiceError {
  return new ServiceError(
    'precondition',
    'changed_meanwhile',
    'Somebody changed this subscription meanwhile. Reload to see how it is now, then try again.',
  );
}

export function nameTaken(name: string): ServiceError {
  const sentence = `There is a subscription called “${name}” already. Choose another name.`;
  return new ServiceError('conflict', 'name_taken', sentence, { name: sentence });
}

/** The audit line of one change; names and origins only. */
export async function record(
  tx: DbOrTx,
  ctx: ServiceContext,
  id: string,
  what: { verb: string; sentence: string; data?: Record<string, unknown> },
): Promise<void> {
  await emitAudit(tx, ctx, {
    action: `subscription.${what.verb}`,
    resource: { kind: 'subscription', id },
    outcome: 'done',
    sentence: what.sentence,
    data: what.data,
  });
}

/** One row of the ledger, due at once. Nothing when this event was entered for this subscription before. */
export async function enter(
  tx: DbOrTx,
  subscriptionId: string,
  message: Message,
  eventId: number | ReturnType<typeof sql>,
): Promise<string | null> {
  const [row] = await tx
    .insert(notifications)
    .values({
      id: newId('msg'),
      subscriptionId,
      eventId: eventId as number,
      event: message.type,
      body: message,
      nextTryAt: sql`now()`,
    })
    .onConflictDoNothing({ target: [notifications.subscriptionId, notifications.eventId] })
    .returning({ id: notifications.id });
  return row?.id ?? null;
}

/** The message as it was entered; what else is in the column would be a bug. */
export function messageOf(row: { body: unknown }): Message {
  return row.body as Message;
}
