import { createHmac, randomBytes } from 'node:crypto';
import { connectionSettings } from '@/lib/connections/server/settings';
import { type KeyRing, type SealBinding, seal, unseal } from '@/lib/connections/server/vault';
import type { subscriptions } from '@/lib/db/schema';
import { checkOutsideUrl, type OutsideRules } from '@/lib/http/outside-url';
import { ServiceError } from '@/lib/kernel/errors';
import type { Secret } from '@/lib/kernel/secret';
import { ProviderError } from '@/lib/providers/port';

export type SubscriptionRow = typeof subscriptions.$inferSelect;

export interface NotificationSettings {
  keys: KeyRing;
  rules: OutsideRules;
}

export function notificationSettings(): NotificationSettings {
  const { keys, allowLoopbackHttp, privateOrigins = [] } = connectionSettings();
  return { keys, rules: { allowLoopback: allowLoopbackHttp, privateOrigins: new Set(privateOrigins) } };
}

type Bound = { id: string; kind: SubscriptionRow['kind']; origin: string };

/** A sealed value opens for this row, kind and origin only. */
export function subscriptionBinding(row: Bound, purpose: 'address' | 'signing'): SealBinding {
  return { table: 'subscriptions', rowId: row.id, providerId: row.kind, origin: row.origin, purpose };
}

/** Throws `ServiceError` invalid with the field. */
export function checkedOrigin(text: string, rules: OutsideRules): string {
  try {
    return checkOutsideUrl(text, rules).url.origin;
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    throw new ServiceError('invalid', 'address_refused', error.message, { url: error.message });
  }
}

/** Columns for an address and, for what is signed, a new secret; the secret in clear is for the one answer. */
export function sealedColumns(keys: KeyRing, row: Bound, url: string) {
  const secret = row.kind !== 'slack' ? `whsec_${randomBytes(32).toString('base64')}` : null;
  return {
    columns: {
      sealedUrl: seal(keys, url, subscriptionBinding(row, 'address')),
      sealedSecret: secret === null ? null : seal(keys, secret, subscriptionBinding(row, 'signing')),
    },
    secret,
  };
}

export function openAddress(keys: KeyRing, row: SubscriptionRow): string {
  return unseal(keys, row.sealedUrl, subscriptionBinding(row, 'address')).reveal();
}

export function openSecret(keys: KeyRing, row: SubscriptionRow): Secret | null {
  return row.sealedSecret === null ? null : unseal(keys, row.sealedSecret, subscriptionBinding(row, 'signing'));
}

/**
 * Headers of a signed message: HMAC-SHA-256 over id, Unix seconds and the very bytes of the body, with dots between.
 * Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function signatureHeaders(secret: Secret, id: string, seconds: number, body: string): Record<string, string> {
  const key = Buffer.from(secret.reveal().replace(/^whsec_/, ''), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': String(seconds), 'webhook-signature': `v1,${signature}` };
}
