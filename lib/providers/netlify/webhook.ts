import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Secret } from '@/lib/kernel/secret';
import { ProviderError, type WebhookHint } from '../port';
import { webhookSchema } from './schema';

const JWS = /^([\w-]{1,400})\.([\w-]{1,1000})\.([\w-]{43})$/;
const joseSchema = z.object({ alg: z.literal('HS256') });
const claimsSchema = z.object({ iss: z.literal('netlify'), sha256: z.string().regex(/^[0-9a-f]{64}$/) });
const EVENT = /^[a-z_]{1,60}$/;

/**
 * Whether one of the secrets signed exactly these bytes: a JWS (HS256) by `netlify` whose `sha256` is that of the raw body.
 * Source: https://docs.netlify.com/deploy/deploy-notifications/#payload-signature
 */
export async function authenticate(raw: Uint8Array, headers: Headers, secrets: Secret[]): Promise<boolean> {
  const [, head, claims, signature] = JWS.exec(headers.get('x-webhook-signature') ?? '') ?? [];
  if (!head || !claims || !signature || !isAbout(raw, head, claims)) return false;
  let authentic = false;
  for (const secret of secrets) {
    const key = secret.reveal();
    if (key === '') continue;
    // As text: base64url has several spellings of the same bytes, and only one of them is what was signed.
    const expected = createHmac('sha256', key).update(`${head}.${claims}`).digest('base64url');
    authentic = timingSafeEqual(Buffer.from(expected), Buffer.from(signature)) || authentic;
  }
  return authentic;
}

function isAbout(raw: Uint8Array, head: string, claims: string): boolean {
  const said = claimsSchema.safeParse(decoded(claims));
  if (!said.success || !joseSchema.safeParse(decoded(head)).success) return false;
  return timingSafeEqual(Buffer.from(said.data.sha256, 'hex'), createHash('sha256').update(raw).digest());
}

function decoded(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}

/** Reads where to look again. Netlify gives a delivery no id, so that its bytes are its name. */
export function parse(raw: Uint8Array, headers: Headers): WebhookHint {
  const parsed = webhookSchema.safeParse(json(raw));
  if (!parsed.success) throw unreadable('its body is not a deploy of Netlify');
  const { id, state, context } = parsed.data;
  const named = headers.get('x-netlify-event') ?? '';
  return {
    deliveryId: createHash('sha256').update(raw).digest('hex').slice(0, 40),
    event: EVENT.test(named) ? named : `deploy_${state}`.slice(0, 60),
    action: context ?? null,
    repository: null,
    remoteId: id,
  };
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
