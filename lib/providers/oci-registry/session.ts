import { createHash } from 'node:crypto';
import { Secret } from '@/lib/kernel/secret';
import { type Image, type ProviderContext, ProviderError, tokenOriginsOf } from '../port';
import type { Challenge } from './challenge';
import { type About, notAllowed, notLetIn, notUnderstood, refusalOf, refusedCredential } from './errors';
import { loginKeyOf, loginOf } from './login';
import type { KeptLogin } from './login-terms';
import { manifest } from './manifest';
import { tokenSchema } from './schema';

type Bearer = Extract<Challenge, { scheme: 'bearer' }>;

const MAX_SESSIONS = 200;
const MAX_TOKENS = 200;
/** A token that ends within this time is not used any more. Milliseconds. */
const MARGIN_MS = 5_000;
const LONGEST_MS = 3_600_000;

interface Made {
  token: Secret;
  until: number;
}

/** What is known of one connection with one credential: how it wants to be asked, and the tokens by scope. */
export interface Session {
  challenge: Challenge | null;
  tokens: Map<string, Promise<Made>>;
  /** Made from a key, where the credential is one. */
  login: KeptLogin | null;
  /** By repository, digest and platform: what they stand for never changes. */
  images: Map<string, Promise<Image>>;
}

const sessions = new Map<string, Session>();

export function sessionOf(c: ProviderContext): Session {
  const { username, password } = pairOf(c);
  const print = createHash('sha256').update(`${c.origin}\n${username}\n${password.reveal()}`).digest('hex');
  const key = `${c.connectionId}\n${print}`;
  const session = sessions.get(key) ?? { challenge: null, tokens: new Map(), login: null, images: new Map() };
  sessions.delete(key);
  sessions.set(key, session);
  dropOldest(sessions, MAX_SESSIONS);
  return session;
}

function dropOldest(map: Map<string, unknown>, most: number): void {
  const oldest = map.size > most ? map.keys().next().value : undefined;
  if (oldest !== undefined) map.delete(oldest);
}

/** User name and password as they are sent; what `get-authorization-token` gives is both in one. */
export function pairOf({ credential }: ProviderContext): { username: string; password: Secret } {
  if (credential.kind !== 'basic') {
    throw new ProviderError(
      'auth',
      'wrong_kind',
      'A registry needs a user name and a password. Enter them under Connections.',
    );
  }
  const { username, password } = credential;
  const opened = username === 'AWS' ? Buffer.from(password.reveal(), 'base64').toString('latin1') : '';
  return { username, password: opened.startsWith('AWS:') ? new Secret(opened.slice(4)) : password };
}

/** What the registry is shown: the pair itself, or what was made from it for a while. */
async function basic(c: ProviderContext, session: Session): Promise<string> {
  const key = loginKeyOf(c);
  const { username, password } = key ? await loginOf(c, session, key) : pairOf(c);
  return `Basic ${Buffer.from(`${username}:${password.reveal()}`).toString('base64')}`;
}

/** The header for one scope. Throws `ProviderError`: `auth` for whatever kept it from being made, but a wait or a pause. */
export async function authorization(
  c: ProviderContext,
  session: Session,
  scope: string | null,
  about: About,
): Promise<string> {
  try {
    return await signIn(c, session, scope, about);
  } catch (error) {
    throw notLetIn(error);
  }
}

/** By the way that the registry asked for. A token is made once for all who need it. */
async function signIn(c: ProviderContext, session: Session, scope: string | null, about: About): Promise<string> {
  const { challenge } = session;
  if (!challenge || challenge.scheme === 'basic') return await basic(c, session);
  const key = scope ?? '';
  const known = await session.tokens.get(key)?.catch(() => undefined);
  if (known && known.until - MARGIN_MS > c.now()) return `Bearer ${known.token.reveal()}`;
  const making = makeToken(c, session, challenge, scope, about);
  session.tokens.delete(key);
  session.tokens.set(key, making);
  dropOldest(session.tokens, MAX_TOKENS);
  try {
    return `Bearer ${(await making).token.reveal()}`;
  } catch (error) {
    session.tokens.delete(key);
    throw error;
  }
}

/** Only what is needed is asked for, whatever scope the registry's challenge names. */
async function makeToken(
  c: ProviderContext,
  session: Session,
  challenge: Bearer,
  scope: string | null,
  about: About,
): Promise<Made> {
  const answer = await askForToken(c, session, challenge, scope);
  const url = new URL(challenge.realm);
  if (answer.status === 401) throw await refusedAt(c, session, challenge, { scope, about });
  // It was asked for a token, so no answer of it says that an image is gone.
  if (!answer.ok) throw await refusalOf(answer, url.host, { ...about, reference: null }, c.now());
  const parsed = tokenSchema.safeParse(await answer.json().catch(() => null));
  if (!parsed.success || !parsed.data.token) throw notUnderstood(url.host, 'token');
  const { token, seconds } = parsed.data;
  return { token: new Secret(token), until: c.now() + Math.min(seconds * 1000, LONGEST_MS) };
}

async function askForToken(c: ProviderContext, session: Session, challenge: Bearer, scope: string | null) {
  const url = new URL(challenge.realm);
  requireKnown(c, url);
  if (challenge.service !== null) url.searchParams.set('service', challenge.service);
  if (scope !== null) url.searchParams.set('scope', scope);
  return c.fetch(url.href, {
    headers: { authorization: await basic(c, session), accept: 'application/json' },
    ...(c.signal ? { signal: c.signal } : {}),
  });
}

/** No to one repository may be no to whoever asks: a token without a scope says which. */
async function refusedAt(
  c: ProviderContext,
  session: Session,
  challenge: Bearer,
  { scope, about }: { scope: string | null; about: About },
): Promise<ProviderError> {
  const { host } = new URL(challenge.realm);
  const isKnown = scope !== null && (await askForToken(c, session, challenge, null)).ok;
  return isKnown ? notAllowed(host, about) : refusedCredential(host);
}

/** A registry may name any place as its token service; only a documented or a confirmed one is sent the credential. */
function requireKnown(c: ProviderContext, url: URL): void {
  const known = [c.origin, ...tokenOriginsOf(manifest, c.origin, c.credential)].map((each) => new URL(each).origin);
  if (known.includes(url.origin) && url.username === '' && url.password === '') return;
  const sentence = `The registry wants its tokens made at ${url.origin}. If that is right, enter it as the token service with the credential; until then it is sent nothing.`;
  throw new ProviderError('rejected', 'token_service_unknown', sentence);
}
