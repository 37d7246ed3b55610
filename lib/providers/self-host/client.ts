import type { ZodType } from 'zod';
import { type ProviderContext, ProviderError } from '../port';
import { refused } from './errors';

export interface Call {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below `/v1`. */
  path: string;
  query?: Record<string, string>;
  body?: Record<string, unknown>;
  /** The same key is the same deployment, however often it is sent. */
  key?: string;
  /** What a 404 is about, in a sentence's middle: `app dashboard`. */
  about: string;
}

/** One request, never repeated here. `c.fetch` brings the deadline, the size cap and the one origin. */
export async function call<T>(c: ProviderContext, wanted: Call, schema: ZodType<T>): Promise<T> {
  const response = await send(c, wanted);
  const parsed = schema.safeParse(await response.json().catch(() => undefined));
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]?.path.join('.') ?? '';
  const sentence = `This address answered something that no agent of this version does (${wanted.path || '/v1'}${where ? `: ${where}` : ''}). Check the connection’s address, and the agent’s version.`;
  throw new ProviderError('protocol', 'unexpected_answer', sentence, { ambiguous: wanted.method !== 'GET' });
}

/** The same for an answer whose body is not read. */
export async function send(
  c: ProviderContext,
  { method, path, query = {}, body, key, about }: Call,
): Promise<Response> {
  if (c.credential.kind !== 'token') throw new ProviderError('auth', 'wrong_kind', 'The agent needs a token.');
  const search = new URLSearchParams(query).toString();
  const response = await c.fetch(`${c.origin}/v1${path}${search ? `?${search}` : ''}`, {
    method,
    headers: {
      authorization: `Bearer ${c.credential.token.reveal()}`,
      ...(body ? { 'content-type': 'application/json' } : {}),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
    ...(c.signal ? { signal: c.signal } : {}),
  });
  if (!response.ok) throw await refused(response, { mutation: method !== 'GET', about, now: c.now() });
  return response;
}
