import { createHash, createPublicKey, generateKeyPairSync, randomBytes, verify } from 'node:crypto';
import type { Simulator, SimulatorWorld } from '@/lib/providers/port';

export const TOKENS_HOST = 'oauth2.googleapis.com';
const KEY_MADE = 'service-account.key';
const TOKEN_MADE = 'service-account.token';
const AUDIENCE = `https://${TOKENS_HOST}/token`;
const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const LASTS_SECONDS = 3_599;
const CLOCKS_APART_SECONDS = 300;

export interface Account {
  email: string;
  scope: string;
}

export interface ServiceAccounts extends Simulator {
  /** Whose token it is, and what for; null when it is none that lasts. */
  accountOf(token: string): Account | null;
  /** Makes a key for an account of that project, and the account with it; the answer is its file. */
  keyFor(account: { email: string; project: string }): Promise<string>;
}

const problem = (error: string, error_description: string, status = 400) =>
  Response.json({ error, error_description }, { status, headers: { 'cache-control': 'no-store' } });

/**
 * The host that makes tokens from the claims that a key of a service account has signed. Source:
 * https://developers.google.com/identity/protocols/oauth2/service-account#httprest and RFC 7523.
 */
export function createServiceAccounts(world: SimulatorWorld): ServiceAccounts {
  return {
    hosts: [TOKENS_HOST],
    dueWebhooks: () => [],
    accountOf: (token) => {
      const found = factsOf(world, TOKEN_MADE).find(({ digest }) => digest === digestOf(token));
      return found && Number(found.until) > clockOf(world)
        ? { email: String(found.email), scope: String(found.scope) }
        : null;
    },
    async keyFor({ email, project }) {
      const { publicKey, privateKey } = generateKeyPairSync('rsa', {
        modulusLength: 2048,
        publicKeyEncoding: { type: 'spki', format: 'pem' },
        privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      });
      const id = randomBytes(20).toString('hex');
      await world.record({ at: world.now(), kind: KEY_MADE, data: { email, id, publicKey } });
      const named = { type: 'service_account', project_id: project, private_key_id: id, private_key: privateKey };
      const more = { client_email: email, client_id: '1', token_uri: AUDIENCE, universe_domain: 'googleapis.com' };
      return JSON.stringify({ ...named, ...more }, null, 2);
    },
    async handle(request) {
      if (world.scenario().down) return problem('internal_failure', 'Service unavailable.', 503);
      const { pathname } = new URL(request.url);
      if (request.method !== 'POST' || pathname !== '/token') return problem('not_found', 'Not found.', 404);
      const form = new URLSearchParams(await request.text());
      if (form.get('grant_type') !== GRANT) return problem('unsupported_grant_type', 'Invalid grant_type.');
      const claims = judged(world, form.get('assertion') ?? '');
      return typeof claims === 'string' ? problem('invalid_grant', claims) : made(world, claims);
    },
  };
}

async function made(world: SimulatorWorld, { email, scope }: Account): Promise<Response> {
  const token = `ya29.c.${randomBytes(90).toString('base64url')}`;
  const until = clockOf(world) + LASTS_SECONDS * 1000;
  await world.record({ at: world.now(), kind: TOKEN_MADE, data: { digest: digestOf(token), email, scope, until } });
  const answer = { access_token: token, expires_in: LASTS_SECONDS, token_type: 'Bearer' };
  return Response.json(answer, { headers: { 'cache-control': 'no-store' } });
}

/** Who signed it and what they want, or why it is no claim that counts. */
function judged(world: SimulatorWorld, assertion: string): Account | string {
  const [head = '', body = '', signature = '', ...more] = assertion.split('.');
  const [header, claims] = [opened(head), opened(body)];
  if (!header || !claims || more.length > 0 || header.alg !== 'RS256') return 'Bad Request';
  const { iss, scope, aud, iat, exp } = claims;
  const keys = factsOf(world, KEY_MADE).filter(({ email }) => email === iss);
  if (keys.length === 0) return 'Invalid grant: account not found';
  const isSigned = ({ publicKey }: Record<string, unknown>) =>
    verify(
      'sha256',
      Buffer.from(`${head}.${body}`),
      createPublicKey(String(publicKey)),
      Buffer.from(signature, 'base64url'),
    );
  if (!keys.filter(({ id }) => header.kid === undefined || id === header.kid).some(isSigned))
    return 'Invalid JWT Signature.';
  if (aud !== AUDIENCE) return 'Invalid JWT: Failed audience check.';
  const [from, to, now] = [Number(iat), Number(exp), clockOf(world) / 1000];
  const lasts = to > from && to - from <= 3_600 && Math.abs(from - now) <= CLOCKS_APART_SECONDS;
  if (!lasts) return 'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe.';
  return typeof scope === 'string' && scope !== ''
    ? { email: String(iss), scope }
    : 'Invalid OAuth scope or ID token audience provided.';
}

function opened(part: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** Of what is told to move on only the simulated things get older: the clocks of who signs and who checks stay together. */
function clockOf(world: SimulatorWorld): number {
  return factsOf(world, 'time.advanced').reduce((now, { ms }) => now - Number(ms), world.now());
}

const factsOf = (world: SimulatorWorld, kind: string) =>
  world.facts().flatMap((fact) => (fact.kind === kind ? [fact.data] : []));

const digestOf = (token: string) => createHash('sha256').update(token).digest('hex');
