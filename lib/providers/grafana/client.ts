import type { ZodType } from 'zod';
import { type ProviderContext, ProviderError } from '../port';
import { refusalOf } from './errors';

/**
 * One exchange with `/api/annotations`, which newer versions keep beside `/apis` (there still alpha). Throws `ProviderError`;
 * `ambiguous` when what is written may have been taken.
 */
export async function annotations<T>(
  c: ProviderContext,
  schema: ZodType<T>,
  { query = [], body }: { query?: readonly (readonly [string, string])[]; body?: object },
): Promise<T> {
  if (c.credential.kind !== 'token')
    throw new ProviderError('auth', 'wrong_kind', 'Grafana needs the token of a service account.');
  const authorization = `Bearer ${c.credential.token.reveal()}`;
  const headers = new Headers({ accept: 'application/json', authorization });
  if (body) headers.set('content-type', 'application/json');
  const search = new URLSearchParams(query.map(([name, value]) => [name, value])).toString();
  const sent = body ? { method: 'POST', body: JSON.stringify(body) } : {};
  const address = `${c.origin}/api/annotations${search && `?${search}`}`;
  const answer = await c.fetch(address, { headers, ...sent, ...(c.signal ? { signal: c.signal } : {}) });
  const host = new URL(c.origin).host;
  if (!answer.ok) throw refusalOf(answer, host, c.now(), body !== undefined);
  const parsed = schema.safeParse(await answer.json().catch(() => null));
  if (parsed.success) return parsed.data;
  const sentence = `${host} did not answer as Grafana does. Check the connection’s address.`;
  throw new ProviderError('protocol', 'unexpected_answer', sentence, { ambiguous: body !== undefined });
}
