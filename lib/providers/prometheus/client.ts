import type { ZodType } from 'zod';
import { type ProviderContext, ProviderError } from '../port';
import { refusalOf } from './errors';
import { NOBODY } from './manifest';

/** The header that signs a request in; null for a server that asks nobody. */
function authorization({ credential }: ProviderContext): string | null {
  if (credential.kind === 'token') return `Bearer ${credential.token.reveal()}`;
  if (credential.kind !== 'basic')
    throw new ProviderError('auth', 'wrong_kind', 'Prometheus needs a token or a password.');
  const { username, password } = credential;
  if (username === NOBODY) return null;
  return `Basic ${Buffer.from(`${username}:${password.reveal()}`).toString('base64')}`;
}

/** One read below `/api/v1`. Throws `ProviderError` for anything but a success. */
export async function read<T>(
  c: ProviderContext,
  path: string,
  query: Record<string, string>,
  schema: ZodType<T>,
): Promise<T> {
  const headers = new Headers({ accept: 'application/json' });
  const signed = authorization(c);
  if (signed !== null) headers.set('authorization', signed);
  const search = new URLSearchParams(query).toString();
  const address = `${c.origin}/api/v1${path}${search === '' ? '' : `?${search}`}`;
  const answer = await c.fetch(address, { headers, ...(c.signal ? { signal: c.signal } : {}) });
  if (!answer.ok) throw await refusalOf(answer, new URL(c.origin).host, c.now());
  const parsed = schema.safeParse(await answer.json().catch(() => null));
  if (parsed.success) return parsed.data;
  const sentence = `${new URL(c.origin).host} did not answer as Prometheus does. Check the connection’s address.`;
  throw new ProviderError('protocol', 'unexpected_answer', sentence);
}
