import type { ZodType } from 'zod';
import { type ServiceAccountKey, serviceAccountKey } from '@/lib/http/service-account';
import { forgetToken, tokenOf } from '@/lib/http/service-account-session';
import { type ProviderContext, ProviderError } from '../port';
import { refused } from './errors';
import { TOKEN_URL, tokenOriginOf } from './manifest';

/** Reading is all that is asked for, whatever else the account may do. */
export const WANTED = { url: TOKEN_URL, scope: 'https://www.googleapis.com/auth/cloud-platform.read-only' };

/** The key behind a connection. Throws `ProviderError` for what is none, and for a host that is not App Engine's. */
export function keyOf({ credential, origin }: ProviderContext): ServiceAccountKey {
  if (credential.kind !== 'basic') {
    const sentence = 'App Engine needs the key file of a service account. Store it under Connections.';
    throw new ProviderError('auth', 'wrong_kind', sentence);
  }
  if (!tokenOriginOf(origin)) {
    const sentence =
      'This address is not App Engine’s, which is https://appengine.googleapis.com. No token was made for it and nothing was sent.';
    throw new ProviderError('rejected', 'key_elsewhere', sentence);
  }
  return serviceAccountKey(credential.password.reveal());
}

export interface Call {
  path: string;
  query?: Record<string, string>;
  about: string;
  project: string;
}

/** One reading request. `c.fetch` brings the deadline, the size cap, the quota and the known origins. */
export async function read<T>(
  c: ProviderContext,
  { path, query = {}, about, project }: Call,
  schema: ZodType<T>,
): Promise<T> {
  const key = keyOf(c);
  const token = await tokenOf(c, key, WANTED);
  const search = new URLSearchParams(query).toString();
  const response = await c.fetch(`${c.origin}${path}${search ? `?${search}` : ''}`, {
    // What is read has values of variables in it: nothing on the way keeps it.
    headers: { authorization: `Bearer ${token.reveal()}`, accept: 'application/json', 'cache-control': 'no-store' },
    ...(c.signal ? { signal: c.signal } : {}),
  });
  if (response.status === 401) forgetToken(c, key, WANTED);
  if (!response.ok) throw await refused(response, { about, project, now: c.now() });
  const parsed = schema.safeParse(await response.json().catch(() => undefined));
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]?.path.join('.') ?? '';
  const sentence = `App Engine answered something that this version does not understand (${about}${where ? `: ${where}` : ''}). Please report it.`;
  throw new ProviderError('protocol', 'unexpected_answer', sentence);
}
