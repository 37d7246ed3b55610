import type { ZodType } from 'zod';
import { type ProviderContext, ProviderError } from '../port';
import { refusalOf } from './errors';

export type Query = readonly (readonly [name: string, value: string])[];

/** The organization and the token that it gave out. */
export function signedIn({ credential }: Pick<ProviderContext, 'credential'>) {
  if (credential.kind !== 'basic')
    throw new ProviderError('auth', 'wrong_kind', 'Sentry needs the slug of the organization, and a token of it.');
  return { organization: credential.username, token: credential.password };
}

async function exchange<T>(
  c: ProviderContext,
  path: string,
  schema: ZodType<T>,
  { query = [], body }: { query?: Query; body?: object },
): Promise<T> {
  const { organization, token } = signedIn(c);
  const headers = new Headers({ accept: 'application/json', authorization: `Bearer ${token.reveal()}` });
  if (body) headers.set('content-type', 'application/json');
  const search = new URLSearchParams(query.map(([name, value]) => [name, value])).toString();
  const address = `${c.origin}/api/0/organizations/${encodeURIComponent(organization)}${path}${search && `?${search}`}`;
  const sent = body ? { method: 'POST', body: JSON.stringify(body) } : {};
  const answer = await c.fetch(address, { headers, ...sent, ...(c.signal ? { signal: c.signal } : {}) });
  const host = new URL(c.origin).host;
  if (!answer.ok) throw await refusalOf(answer, host, c.now(), body !== undefined);
  const parsed = schema.safeParse(await answer.json().catch(() => null));
  if (parsed.success) return parsed.data;
  const sentence = `${host} did not answer as Sentry does. Check the connection’s address.`;
  throw new ProviderError('protocol', 'unexpected_answer', sentence, { ambiguous: body !== undefined });
}

/** One read below `/api/0/organizations/<organization>`. Throws `ProviderError` for anything but a success. */
export const read = <T>(c: ProviderContext, path: string, schema: ZodType<T>, query: Query = []) =>
  exchange(c, path, schema, { query });

/** One request that writes. Throws `ProviderError`; `ambiguous` when it may have been taken. */
export const send = <T>(c: ProviderContext, path: string, schema: ZodType<T>, body: object) =>
  exchange(c, path, schema, { body });
