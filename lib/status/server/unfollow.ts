import { and, eq } from 'drizzle-orm';
import type { z } from 'zod';
import { emitAudit } from '@/lib/audit/emit';
import type { ServiceContext } from '@/lib/auth/context';
import { subscriptions } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { isUnsubscribeToken, notificationSettings, openSecret } from '@/lib/notifications/server';
import type { unsubscribeInput } from '../model/schemas';

/** Whoever was sent a message may end it, and nobody else. What waits to be sent goes with it. Throws `ServiceError`. */
export async function unfollow(
  ctx: ServiceContext,
  { token }: z.output<typeof unsubscribeInput>,
  settings = notificationSettings(),
): Promise<void> {
  const id = token.split('.')[0] ?? '';
  await ctx.db.transaction(async (tx) => {
    const [row] = await tx
      .select()
      .from(subscriptions)
      .where(and(eq(subscriptions.id, id), eq(subscriptions.kind, 'status')))
      .for('update');
    const secret = row ? openSecret(settings.keys, row) : null;
    if (!row || !secret || !isUnsubscribeToken(token, row.id, secret)) throw unknownToken();
    await tx.delete(subscriptions).where(eq(subscriptions.id, row.id));
    await emitAudit(tx, ctx, {
      action: 'status.unsubscribe',
      resource: { kind: 'subscription', id: row.id },
      outcome: 'done',
      sentence: `${row.origin} does not follow the status page any more, as it asked.`,
      data: { origin: row.origin },
    });
  });
}

function unknownToken(): ServiceError {
  const sentence = 'Nothing follows the page under this token any more. Take the one of the newest message.';
  return new ServiceError('notFound', 'token_unknown', sentence, { token: sentence });
}
