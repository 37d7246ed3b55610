import 'server-only';
import { createHmac, randomInt, timingSafeEqual } from 'node:crypto';
import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Tx } from '@/lib/auth/context';
import { notifications, subscriptions } from '@/lib/db/schema';
import { checkOutsideUrl, type OutsideRules } from '@/lib/http/outside-url';
import { newId } from '@/lib/kernel/ids';
import type { Secret } from '@/lib/kernel/secret';
import { ProviderError } from '@/lib/providers/port';
import { publicUrl } from './public-url';

export const UNSUBSCRIBE_PATH = '/api/status/unsubscribe';

/**
 * Strangers reach public hosts only: what an administrator may reach on a private network is not theirs, and they are told
 * nothing that would show which hosts those are. Throws `ProviderError` `address_refused`.
 */
export function requireStrangersAddress(text: string, rules: OutsideRules): URL {
  const { url } = checkOutsideUrl(text, { allowLoopback: false, privateOrigins: new Set() });
  if (!rules.privateOrigins.has(url.origin)) return url;
  throw new ProviderError('rejected', 'address_refused', 'Use a host name that is known on the public internet.');
}

/** Proves that whoever has it was sent a message: made from the receiver's own secret, so nothing of it is kept. */
export function unsubscribeToken(id: string, secret: Secret): string {
  return `${id}.${createHmac('sha256', secret.reveal()).update(`unsubscribe ${id}`).digest('base64url')}`;
}

export function isUnsubscribeToken(token: string, id: string, secret: Secret): boolean {
  const [given, right] = [Buffer.from(token), Buffer.from(unsubscribeToken(id, secret))];
  return given.length === right.length && timingSafeEqual(given, right);
}

/** What a follower of the status page is sent: the message, and how to hear no more. */
export function statusBody(id: string, message: unknown, secret: Secret): string {
  const unsubscribe = { url: publicUrl(UNSUBSCRIBE_PATH), token: unsubscribeToken(id, secret) };
  return JSON.stringify({ ...(message as object), unsubscribe });
}

/** Enters one message for everybody who follows the status page, in the transaction that makes it true. Returns for how many. */
export async function enterForFollowers(tx: Tx, body: { type: string; timestamp: string }): Promise<number> {
  const receivers = await tx
    .select({ id: subscriptions.id })
    .from(subscriptions)
    .where(and(eq(subscriptions.kind, 'status'), isNull(subscriptions.disabledAt)));
  if (receivers.length === 0) return 0;
  // Events of the feed have positive numbers, and this is none of them.
  const eventId = -randomInt(1, 2 ** 47);
  const row = { eventId, event: body.type, body, nextTryAt: sql`now()` };
  await tx.insert(notifications).values(receivers.map(({ id }) => ({ id: newId('msg'), subscriptionId: id, ...row })));
  return receivers.length;
}
