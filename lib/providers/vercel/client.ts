import type { ZodType } from 'zod';
import { READING_HEADER } from '@/lib/http/quota';
import { type ProviderContext, ProviderError } from '../port';
import { refused } from './errors';

export interface Call {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  path: string;
  query?: Record<string, string>;
  body?: Record<string, unknown>;
  /** What a 404 is about, in a sentence's middle: `project website`. */
  about: string;
  /** A POST that only asks: a lost answer leaves nothing in doubt. */
  asksOnly?: boolean;
  /** The answer bears a value, and is kept nowhere. */
  isUnkept?: boolean;
}

/** One request, never repeated here. `c.fetch` brings the deadline, the size cap, the quota and the one origin. */
export async function call<T>(c: ProviderContext, wanted: Call, schema: ZodType<T>): Promise<T> {
  const response = await send(c, wanted);
  const parsed = schema.safeParse(await response.json().catch(() => undefined));
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]?.path.join('.') ?? '';
  const sentence = `Vercel answered something that this version does not understand (${wanted.path.split('?')[0]}${where ? `: ${where}` : ''}). Please report it.`;
  throw new ProviderError('protocol', 'unexpected_answer', sentence, { ambiguous: changes(wanted) });
}

const changes = ({ method, asksOnly = false }: Call) => method !== 'GET' && !asksOnly;

/** The same for an answer whose body is not read. */
export async function send(c: ProviderContext, wanted: Call): Promise<Response> {
  const { method, path, query = {}, body, about, asksOnly, isUnkept } = wanted;
  if (c.credential.kind !== 'token') throw new ProviderError('auth', 'wrong_kind', 'Vercel needs an access token.');
  const search = new URLSearchParams(query).toString();
  const response = await c.fetch(`${c.origin}${path}${search ? `?${search}` : ''}`, {
    method,
    headers: {
      authorization: `Bearer ${c.credential.token.reveal()}`,
      ...(body ? { 'content-type': 'application/json' } : {}),
      ...(asksOnly ? { [READING_HEADER]: '1' } : {}),
      ...(isUnkept ? { 'cache-control': 'no-store' } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
    ...(c.signal ? { signal: c.signal } : {}),
  });
  if (!response.ok) throw await refused(response, { mutation: changes(wanted), about, now: c.now() });
  return response;
}
