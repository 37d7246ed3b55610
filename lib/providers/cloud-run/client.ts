import type { ZodType } from 'zod';
import { type ServiceAccountKey, serviceAccountKey } from '@/lib/http/service-account';
import { forgetToken, tokenOf } from '@/lib/http/service-account-session';
import { type ProviderContext, ProviderError } from '../port';
import { type About, refused } from './errors';
import { TOKEN_URL, tokenOriginOf } from './manifest';

/** The narrowest that lets a service be changed; the account's roles say what it may. */
export const WANTED = { url: TOKEN_URL, scope: 'https://www.googleapis.com/auth/run' };

/** The key behind a connection. Throws `ProviderError` for what is none, and for a host that is not Cloud Run's. */
export function keyOf({ credential, origin }: ProviderContext): ServiceAccountKey {
  if (credential.kind !== 'basic') {
    const sentence = 'Cloud Run needs the key file of a service account. Store it under Connections.';
    throw new ProviderError('auth', 'wrong_kind', sentence);
  }
  if (!tokenOriginOf(origin)) {
    const sentence =
      'This address is none of Cloud Run’s, which is https://run.googleapis.com. No token was made for it and nothing was sent.';
    throw new ProviderError('rejected', 'key_elsewhere', sentence);
  }
  return serviceAccountKey(credential.password.reveal());
}

export interface Call extends Pick<About, 'about' | 'project'> {
  method: 'GET' | 'PATCH' | 'POST';
  path: string;
  query?: Record<string, string>;
  body?: unknown;
}

/** One request, never repeated here. `c.fetch` brings the deadline, the size cap, the quota and the known origins. */
export async function call<T>(
  c: ProviderContext,
  { method, path, query = {}, body, about, project }: Call,
  schema: ZodType<T>,
): Promise<T> {
  const key = keyOf(c);
  const token = await tokenOf(c, key, WANTED);
  const search = new URLSearchParams(query).toString();
  const response = await c.fetch(`${c.origin}${path}${search ? `?${search}` : ''}`, {
    method,
    headers: {
      authorization: `Bearer ${token.reveal()}`,
      accept: 'application/json',
      // What is read has values of variables in it: nothing on the way keeps it.
      'cache-control': 'no-store',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(c.signal ? { signal: c.signal } : {}),
  });
  const mutation = method !== 'GET';
  if (response.status === 401) forgetToken(c, key, WANTED);
  if (!response.ok) throw await refused(response, { mutation, about, project, now: c.now() });
  const parsed = schema.safeParse(await response.json().catch(() => undefined));
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]?.path.join('.') ?? '';
  const sentence = `Cloud Run answered something that this version does not understand (${about}${where ? `: ${where}` : ''}). Please report it.`;
  throw new ProviderError('protocol', 'unexpected_answer', sentence, { ambiguous: mutation });
}
