import type { ZodType } from 'zod';
import { type ProviderContext, ProviderError } from '../port';
import { refused } from './errors';

export interface Call {
  method: 'GET' | 'PATCH';
  path: string;
  body?: unknown;
  /** Which part of a list: `version ..; order=desc,max=200`. */
  range?: string;
  /** The answer has secrets in it: nothing on the way keeps it. */
  secret?: true;
  /** What a 404 is about, in a sentence's middle: `app aetherstack-backend`. */
  about: string;
}

/** One request, never repeated here. `c.fetch` brings the deadline, the size cap, the pauses and the one origin. */
export async function call<T>(
  c: ProviderContext,
  { method, path, body, range, secret, about }: Call,
  schema: ZodType<T>,
): Promise<T> {
  if (c.credential.kind !== 'token') throw new ProviderError('auth', 'wrong_kind', 'Heroku needs an API token.');
  const response = await c.fetch(`${c.origin}${path}`, {
    method,
    headers: {
      accept: 'application/vnd.heroku+json; version=3',
      authorization: `Bearer ${c.credential.token.reveal()}`,
      ...(range === undefined ? {} : { range }),
      ...(secret ? { 'cache-control': 'no-store' } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(c.signal ? { signal: c.signal } : {}),
  });
  if (!response.ok) throw await refused(response, { mutation: method !== 'GET', about, now: c.now() });
  const parsed = schema.safeParse(await response.json().catch(() => undefined));
  if (parsed.success) return parsed.data;
  // Where it went wrong is not said: in this API a path may be the name of somebody’s secret, never its value.
  const sentence = `Heroku answered something that this version does not understand (${about}). Please report it.`;
  throw new ProviderError('protocol', 'unexpected_answer', sentence, { ambiguous: method !== 'GET' });
}
