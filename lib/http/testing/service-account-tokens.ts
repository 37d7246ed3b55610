// The host that makes tokens for service accounts, by what Google publishes of it; nothing else passes.
import { createPublicKey, generateKeyPairSync, randomBytes, verify } from 'node:crypto';
import { z } from 'zod';

/** https://developers.google.com/identity/protocols/oauth2/service-account#httprest, and RFC 7523 */
export const google = {
  request: z.strictObject({
    method: z.literal('POST'),
    path: z.literal('/token'),
    type: z.literal('application/x-www-form-urlencoded'),
    form: z.strictObject({
      grant_type: z.literal('urn:ietf:params:oauth:grant-type:jwt-bearer'),
      assertion: z.string().regex(/^[\w-]+\.[\w-]+\.[\w-]+$/),
    }),
  }),
  header: z.strictObject({ alg: z.literal('RS256'), typ: z.literal('JWT'), kid: z.string().optional() }),
  claims: z
    .strictObject({
      iss: z.email(),
      scope: z.url(),
      aud: z.literal('https://oauth2.googleapis.com/token'),
      exp: z.int(),
      iat: z.int(),
    })
    .refine(({ iat, exp }) => exp > iat && exp - iat <= 3_600, 'An hour at most.'),
  answer: z.strictObject({
    access_token: z.string(),
    scope: z.string().optional(),
    token_type: z.literal('Bearer'),
    expires_in: z.int(),
  }),
  refusal: z.strictObject({ error: z.string(), error_description: z.string().optional() }),
};

const pair = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const other = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

/** The JSON file of an account; `known` false: its key was deleted. */
export function keyFileOf(email: string, { known = true, project = 'acme-prod' } = {}): string {
  const file = {
    type: 'service_account',
    project_id: project,
    private_key_id: '370ab79b4513eb9bad7c9bd16a95cb76b5b2a56a',
    private_key: (known ? pair : other).privateKey,
    client_email: email,
    client_id: '1',
    token_uri: 'https://tokens.evil.dev/token',
    universe_domain: 'googleapis.com',
  };
  return JSON.stringify(file, null, 2);
}

export interface TokenHost {
  handle(request: Request): Promise<Response>;
  /** Whose token this is, and for what; null when it is none that lasts. */
  accountOf(token: string): { email: string; scope: string } | null;
  /** Tokens that were made, in order. */
  made: string[];
  revoke(): void;
}

const opened = (part = '') => JSON.parse(Buffer.from(part, 'base64url').toString());

/** `now` in epoch milliseconds. Every account with the known key is one there. */
export function tokenHost(now: () => number): TokenHost {
  const lasting = new Map<string, { email: string; scope: string; until: number }>();
  const made: string[] = [];
  const refuse = (error: string, error_description: string) =>
    Response.json(google.refusal.parse({ error, error_description }), { status: 400 });
  return {
    made,
    revoke: () => lasting.clear(),
    accountOf(token) {
      const kept = lasting.get(token);
      return kept && kept.until > now() ? { email: kept.email, scope: kept.scope } : null;
    },
    async handle(request) {
      const form = Object.fromEntries(new URLSearchParams(await request.text()));
      const { method, url, headers } = request;
      const sent = google.request.parse({
        method,
        path: new URL(url).pathname,
        type: headers.get('content-type'),
        form,
      });
      const [header, claims, signature = ''] = sent.form.assertion.split('.');
      google.header.parse(opened(header));
      const { iat, iss: email, scope } = google.claims.parse(opened(claims));
      const text = Buffer.from(`${header}.${claims}`);
      if (!verify('sha256', text, createPublicKey(pair.publicKey), Buffer.from(signature, 'base64url')))
        return refuse('invalid_grant', 'Invalid JWT Signature.');
      if (Math.abs(iat * 1000 - now()) > 5 * 60_000)
        return refuse('invalid_grant', 'Invalid JWT: Token must be a short-lived token and in a reasonable timeframe.');
      const token = `ya29.c.${randomBytes(90).toString('base64url')}`;
      made.push(token);
      lasting.set(token, { email, scope, until: now() + 3_599_000 });
      return Response.json(google.answer.parse({ access_token: token, expires_in: 3_599, token_type: 'Bearer' }));
    },
  };
}
