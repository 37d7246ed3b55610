import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Secret } from '@/lib/kernel/secret';
import { ProviderError, type WebhookHint } from '../port';
import { webhookSchema } from './schema';

const SIGNATURE = /^[0-9a-f]{40}$/;

/**
 * Whether one of the secrets signed exactly these bytes: HMAC-SHA1 of the raw body, in hexadecimal.
 * Source: https://vercel.com/docs/webhooks#securing-webhooks
 */
export async function authenticate(raw: Uint8Array, headers: Headers, secrets: Secret[]): Promise<boolean> {
  const given = headers.get('x-vercel-signature') ?? '';
  if (!SIGNATURE.test(given)) return false;
  const signature = Buffer.from(given, 'hex');
  let authentic = false;
  for (const secret of secrets) {
    const key = secret.reveal();
    if (key === '') continue;
    authentic = timingSafeEqual(createHmac('sha1', key).update(raw).digest(), signature) || authentic;
  }
  return authentic;
}

/** Reads where to look again. Call it only with bytes that are authentic. */
export function parse(raw: Uint8Array): WebhookHint {
  const parsed = webhookSchema.safeParse(json(raw));
  if (!parsed.success) throw unreadable('its body is not an event of Vercel');
  const { id, type, payload } = parsed.data;
  const remoteId = payload.deployment?.id ?? payload.deploymentId ?? null;
  if (type.startsWith('deployment.') && !remoteId) throw unreadable('it names no deployment');
  return { deliveryId: id, event: type, action: payload.target ?? null, repository: null, remoteId };
}

function json(raw: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(raw));
  } catch {
    throw unreadable('its body is not JSON');
  }
}

function unreadable(why: string): ProviderError {
  return new ProviderError('protocol', 'bad_webhook', `A webhook delivery cannot be read: ${why}.`);
}
