import type { ZodType } from 'zod';
import { type ProviderContext, ProviderError } from '../port';
import { refused } from './errors';

export interface Call {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below `/api/v1`. */
  path: string;
  query?: Record<string, string>;
  body?: unknown;
  /** What a 404 is about, in a sentence's middle: `project name.netlify.app`. */
  about: string;
}

/** One request, never repeated here. `c.fetch` brings the deadline, the size cap, the quota and the one origin. */
export async function call<T>(
  c: ProviderContext,
  { method, path, query = {}, body, about }: Call,
  schema: ZodType<T>,
): Promise<T> {
  if (c.credential.kind !== 'token') throw new ProviderError('auth', 'wrong_kind', 'Netlify needs an access token.');
  const search = new URLSearchParams(query).toString();
  const response = await c.fetch(`${c.origin}/api/v1${path}${search ? `?${search}` : ''}`, {
    method,
    headers: {
      authorization: `Bearer ${c.credential.token.reveal()}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(c.signal ? { signal: c.signal } : {}),
  });
  if (!response.ok) throw await refused(response, { mutation: method !== 'GET', about, now: c.now() });
  const parsed = schema.safeParse(response.status === 204 ? null : await response.json().catch(() => undefined));
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]?.path.join('.') ?? '';
  const sentence = `Netlify answered something that this version does not understand (${path}${where ? `: ${where}` : ''}). Please report it.`;
  throw new ProviderError('protocol', 'unexpected_answer', sentence, { ambiguous: method !== 'GET' });
}
