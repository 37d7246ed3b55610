import { z } from 'zod';
import { type CredentialReport, type ProviderContext, ProviderError } from '../port';
import { hostOf, read } from './client';
import { loginKeyOf, loginOf } from './login';
import type { LoginKey } from './login-terms';
import { pairOf, sessionOf } from './session';
import { listTags } from './tags';

const MAX_REPOSITORIES = 5;
const HOUR_MS = 3_600_000;
/** What ECR's password is made of; not promised by AWS, so only read where it is there. */
const ecrPassword = z.object({ expiration: z.number().positive() });

const UNTRIED =
  'This registry asks nobody to sign in, so whether the credential is right was not found out. It matters only for what is not public.';

/** Is the credential taken at all, and may it read the repositories that components name? Throws when it is refused. */
export async function verifyCredential(c: ProviderContext, used: readonly string[] = []): Promise<CredentialReport> {
  const session = sessionOf(c);
  // A key that was deleted shows where a token is made, and not while the last one lasts.
  session.login = null;
  session.tokens.clear();
  const key = loginKeyOf(c);
  const login = key ? await loginOf(c, session, key) : null;
  await read(c, { path: '/v2/', about: { repository: null, reference: null } });
  const scopes: string[] = [];
  const problems: string[] = [];
  for (const repository of used.slice(0, MAX_REPOSITORIES)) {
    try {
      await listTags(c, repository, null);
      scopes.push(`${repository}:pull`);
    } catch (error) {
      if (!(error instanceof ProviderError) || error.kind === 'unavailable') throw error;
      problems.push(error.message);
    }
  }
  if (session.challenge === null) problems.push(UNTRIED);
  const end = key ? { at: null, sentence: null } : endOf(c);
  if (end.sentence) problems.push(end.sentence);
  return {
    ok: used.length === 0 || scopes.length > 0,
    account: `${key ? nameOf(key) : pairOf(c).username} at ${hostOf(c)}`,
    scopes,
    problems,
    expiresAt: end.at,
    ...(login ? { notes: [renewed(login.until)] } : {}),
  };
}

/** An id of a key is no secret, and is masked wherever it stands whole. */
function nameOf(key: LoginKey): string {
  return key.kind === 'access-key' ? `access key …${key.id.slice(-4)}` : key.email;
}

function renewed(until: number): string {
  const at = new Date(until).toISOString().slice(11, 16);
  return `Tokens for the registry are made from this key and renewed by themselves; the one of this check lasts until ${at} UTC. The key itself tells no end.`;
}

/** When it ends, as far as the credential itself tells. */
function endOf(c: ProviderContext): { at: string | null; sentence: string | null } {
  const { username, password } = pairOf(c);
  if (username === 'oauth2accesstoken') {
    const sentence = 'An access token ends an hour after it was made. For longer, store a service account key instead.';
    return { at: null, sentence };
  }
  if (username !== 'AWS') return { at: null, sentence: null };
  const end = ecrEnd(password.reveal());
  if (end === null)
    return {
      at: null,
      sentence: 'An authorization token ends 12 hours after it was made. Paste a new one before that.',
    };
  const hours = (end - c.now()) / HOUR_MS;
  const at = new Date(end).toISOString();
  return {
    at,
    sentence:
      hours < 2 ? `The authorization token ends at ${at.slice(11, 16)} UTC. Paste a new one before that.` : null,
  };
}

function ecrEnd(password: string): number | null {
  try {
    return ecrPassword.parse(JSON.parse(Buffer.from(password, 'base64').toString())).expiration * 1000;
  } catch {
    return null;
  }
}
