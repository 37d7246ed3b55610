import { and, eq, isNotNull } from 'drizzle-orm';
import type { z } from 'zod';
import { emitAudit } from '@/lib/audit/emit';
import { networkOf } from '@/lib/auth/client-ip';
import type { ServiceContext } from '@/lib/auth/context';
import { keyedDigest } from '@/lib/connections/server';
import { isUniqueViolation } from '@/lib/db/errors';
import { statusSubscribers, subscriptions } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { newId } from '@/lib/kernel/ids';
import { Secret } from '@/lib/kernel/secret';
import { notificationSettings, sealedColumns, unsubscribeToken } from '@/lib/notifications/server';
import type { subscribeInput } from '../model/schemas';
import { requireAnswer, strangersAddress } from './challenge';
import { lockFollowers, requireRoom } from './room';

const NO_ROOM = 'No more can follow from here for now. Unsubscribe one that is not needed, or read the feed instead.';

export interface Followed {
  id: string;
  /** Signs what is sent; shown this once. */
  secret: string;
  /** To hear no more; each message has it too. */
  unsubscribeToken: string;
}

/**
 * For people whom nobody knows: an address is sent one challenge, and is told what happens once it has answered with it. What
 * was wrong with an address is said only as far as it can be read in it. Throws `ServiceError`.
 */
export async function follow(
  ctx: ServiceContext,
  { url: text }: z.output<typeof subscribeInput>,
  settings = notificationSettings(),
): Promise<Followed> {
  const url = strangersAddress(text, settings.rules);
  const ip = ctx.actor.kind === 'anonymous' ? ctx.actor.ip : null;
  const source = keyedDigest('status-source', networkOf(ip), settings.keys);
  const name = `status ${keyedDigest('status-address', url.href, settings.keys)}`;
  await requireAnswer(ctx, url);
  const row = { id: newId('sub'), kind: 'status' as const, origin: url.origin };
  const { columns, secret } = sealedColumns(settings.keys, row, url.href);
  if (secret === null) throw new Error('A follower has a secret.');
  try {
    await ctx.db.transaction(async (tx) => {
      await lockFollowers(tx);
      // Who was stopped and answers again begins anew, with a secret of its own.
      await tx.delete(subscriptions).where(and(eq(subscriptions.name, name), isNotNull(subscriptions.disabledAt)));
      await requireRoom(tx, source, row.origin, NO_ROOM);
      await tx.insert(subscriptions).values({ ...row, ...columns, name, events: ['status'], createdBy: 'anonymous' });
      await tx.insert(statusSubscribers).values({ subscriptionId: row.id, source });
      await emitAudit(tx, ctx, {
        action: 'status.subscribe',
        resource: { kind: 'subscription', id: row.id },
        outcome: 'done',
        sentence: `${row.origin} follows the status page from now on.`,
        data: { origin: row.origin },
      });
    });
  } catch (error) {
    throw isUniqueViolation(error, 'subscriptions_name_key') ? followsAlready() : error;
  }
  return { id: row.id, secret, unsubscribeToken: unsubscribeToken(row.id, new Secret(secret)) };
}

function followsAlready(): ServiceError {
  const sentence = 'This address follows the status page already. What it is sent says how to unsubscribe.';
  return new ServiceError('conflict', 'follows_already', sentence, { url: sentence });
}
