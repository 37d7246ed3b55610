import { createPrivateKey, sign } from 'node:crypto';
import { z } from 'zod';
import { Secret } from '@/lib/kernel/secret';
import { type ProviderContext, ProviderError } from '@/lib/providers/port';
import { askForToken, clockIsWrong, notAToken, notMade, type Refusal } from './token-request';

/** A service account by its key file: it signs claims, and is itself sent to nobody. */
export interface ServiceAccountKey {
  email: string;
  keyId: string | null;
  /** The project that the account belongs to; null where the file names none. */
  project: string | null;
  privateKey: Secret;
}

/** The fields that are needed of https://cloud.google.com/iam/docs/keys-create-delete#creating */
const keyFile = z.object({
  type: z.literal('service_account'),
  client_email: z.string().regex(/^[\w.+-]{1,100}@[\w.-]{1,200}$/),
  project_id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.:-]{1,99}$/)
    .nullish()
    .catch(null),
  private_key_id: z.string().max(200).nullish(),
  private_key: z.string().max(10_000),
  universe_domain: z.string().max(100).nullish(),
});

/** Throws `ProviderError` (`rejected`) for what is no whole key file, before anything is sent. */
export function serviceAccountKey(text: string): ServiceAccountKey {
  const file = keyFile.safeParse(parsed(text));
  if (!file.success || !isPrivateKey(file.data.private_key)) {
    const sentence = 'This is not the whole key file of a service account. Paste the JSON file as it was downloaded.';
    throw new ProviderError('rejected', 'bad_key_file', sentence);
  }
  const { client_email: email, private_key, private_key_id: keyId, project_id, universe_domain: universe } = file.data;
  if (universe && universe !== 'googleapis.com') {
    const sentence = `This key is for ${universe}, whose tokens are not made by Google itself. Store a key of Google Cloud.`;
    throw new ProviderError('rejected', 'other_universe', sentence);
  }
  return { email, keyId: keyId ?? null, project: project_id ?? null, privateKey: new Secret(private_key) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isPrivateKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === 'rsa';
  } catch {
    return false;
  }
}

const HOUR_SECONDS = 3_600;
const answerSchema = z.object({
  access_token: z.string().min(8).max(10_000),
  expires_in: z
    .number()
    .positive()
    .max(12 * HOUR_SECONDS),
});

/** Where it is made, and what for: both are the provider's to say, never the key file's. */
export interface TokenWanted {
  url: string;
  scope: string;
}

/** `until` in epoch milliseconds. */
export interface MadeToken {
  token: Secret;
  until: number;
}

/**
 * A token of an hour for a claim that the key signed (RFC 7523). Throws `ProviderError`.
 * https://developers.google.com/identity/protocols/oauth2/service-account#httprest
 */
export async function serviceAccountToken(
  c: ProviderContext,
  key: ServiceAccountKey,
  wanted: TokenWanted,
): Promise<MadeToken> {
  const body = new URLSearchParams({
    grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
    assertion: assertionOf(key, wanted, Math.floor(c.now() / 1000)),
  }).toString();
  const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };
  const said = await askForToken(c, wanted.url, { headers, body });
  if ('refusal' in said) throw refused(said.refusal, key.email);
  const made = answerSchema.safeParse(said.answer);
  if (!made.success) throw notAToken(wanted.url);
  const { access_token, expires_in } = made.data;
  return { token: new Secret(access_token), until: c.now() + expires_in * 1000 };
}

const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

function assertionOf({ email, keyId, privateKey }: ServiceAccountKey, { url, scope }: TokenWanted, now: number) {
  const claims = { iss: email, scope, aud: url, iat: now, exp: now + HOUR_SECONDS };
  const text = `${encoded({ alg: 'RS256', typ: 'JWT', ...(keyId ? { kid: keyId } : {}) })}.${encoded(claims)}`;
  return `${text}.${sign('sha256', Buffer.from(text), privateKey.reveal()).toString('base64url')}`;
}

/** https://developers.google.com/identity/protocols/oauth2/service-account#error-codes */
function refused(refusal: Refusal, email: string): ProviderError {
  const { host, code, words } = refusal;
  if (code === 'invalid_grant' && /timeframe|\biat\b|\bexp\b/i.test(words)) return clockIsWrong(host);
  if (
    /^(?:invalid_grant|invalid_client|disabled_client|deleted_client|unauthorized_client|access_denied)$/.test(code)
  ) {
    const sentence = `${host} does not take this key of ${email}: it has ended, was deleted or switched off, or its account was. Make a new key and store it under Connections.`;
    return new ProviderError('auth', 'credential_refused', sentence);
  }
  return notMade(refusal);
}
