import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Secret } from '@/lib/kernel/secret';
import { ProviderError, type WebhookHint } from '../port';
import { webhookSchema } from './schema';

const SIGNATURE = /^sha256=([0-9a-f]{64})$/;
const DELIVERY = /^[A-Za-z0-9-]{1,100}$/;
const EVENT = /^[a-z_]{1,60}$/;
/** Events that say that something we follow may have changed; all others are acknowledged and left. */
const FOLLOWED = new Set(['workflow_run', 'workflow_job', 'deployment_review', 'push']);

/**
 * Whether one of the secrets signed exactly these bytes. Several are allowed, so that a secret can be rotated.
 * Without a secret nothing is authentic.
 * Source: https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
 */
export async function authenticate(raw: Uint8Array, headers: Headers, secrets: Secret[]): Promise<boolean> {
  const given = SIGNATURE.exec(headers.get('x-hub-signature-256') ?? '')?.[1];
  if (!given) return false;
  const signature = Buffer.from(given, 'hex');
  let authentic = false;
  for (const secret of secrets) {
    const key = secret.reveal();
    if (key === '') continue;
    const expected = createHmac('sha256', key).update(raw).digest();
    authentic = timingSafeEqual(expected, signature) || authentic;
  }
  return authentic;
}

/** Reads where to look again. Call it only with bytes that are authentic. */
export function parse(raw: Uint8Array, headers: Headers): WebhookHint {
  const event = headers.get('x-github-event') ?? '';
  const deliveryId = headers.get('x-github-delivery') ?? '';
  if (!EVENT.test(event) || !DELIVERY.test(deliveryId)) throw unreadable('its event or delivery header is missing');
  const parsed = webhookSchema.safeParse(json(raw));
  if (!parsed.success) throw unreadable(`its body is not a ${event} event`);
  const { action, repository, workflow_run, workflow_job } = parsed.data;
  const remoteId = FOLLOWED.has(event) ? (workflow_run?.id ?? workflow_job?.run_id ?? null) : null;
  if (event.startsWith('workflow_') && FOLLOWED.has(event) && (!remoteId || !repository)) {
    throw unreadable(`its body is not a ${event} event`);
  }
  return { deliveryId, event, action: action ?? null, repository: repository?.full_name ?? null, remoteId };
}

function json(raw: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(raw));
  } catch {
    throw unreadable('its body is not JSON');
  }
}

function unreadable(why: string): ProviderError {
  return new ProviderError(
    'protocol',
    'bad_webhook',
    `A webhook delivery cannot be read: ${why}. Check that its content type is application/json.`,
  );
}
