import type { ZodType } from 'zod';
import { Secret } from '@/lib/kernel/secret';
import { type ProviderContext, ProviderError } from '../port';
import { refusalOf } from './errors';
import { KEYS } from './manifest';

const FORM = 'Enter the API key and the application key with a colon between, or an access token.';

/** https://docs.datadoghq.com/api/latest/authentication/ and …/account_management/personal-access-tokens/ */
function signed({ credential }: ProviderContext): Record<string, string> {
  if (credential.kind === 'token') return { authorization: `Bearer ${credential.token.reveal()}` };
  if (credential.kind !== 'basic' || credential.username !== KEYS) throw new ProviderError('auth', 'wrong_kind', FORM);
  const [apiKey, applicationKey] = keysOf(credential.password);
  return { 'dd-api-key': apiKey.reveal(), 'dd-application-key': applicationKey.reveal() };
}

/** Each is a secret of its own, for as long as the pair is: a vendor may repeat one of them. */
const halves = new WeakMap<Secret, readonly [Secret, Secret]>();

function keysOf(pair: Secret): readonly [Secret, Secret] {
  const known = halves.get(pair);
  if (known) return known;
  const [apiKey, applicationKey] = pair
    .reveal()
    .split(':')
    .map((each) => each.trim());
  if (!apiKey || !applicationKey) throw new ProviderError('auth', 'wrong_kind', FORM);
  const keys = [new Secret(apiKey), new Secret(applicationKey)] as const;
  halves.set(pair, keys);
  return keys;
}

async function exchange<T>(
  c: ProviderContext,
  path: string,
  schema: ZodType<T>,
  { query = {}, body }: { query?: Record<string, string>; body?: object },
): Promise<T> {
  const headers = new Headers({ accept: 'application/json', ...signed(c) });
  if (body) headers.set('content-type', 'application/json');
  const search = new URLSearchParams(query).toString();
  const sent = body ? { method: 'POST', body: JSON.stringify(body) } : {};
  const address = `${c.origin}/api/v1${path}${search && `?${search}`}`;
  const answer = await c.fetch(address, { headers, ...sent, ...(c.signal ? { signal: c.signal } : {}) });
  const host = new URL(c.origin).host;
  if (!answer.ok) throw await refusalOf(answer, host, c.now(), body !== undefined);
  const parsed = schema.safeParse(await answer.json().catch(() => null));
  if (parsed.success) return parsed.data;
  const sentence = `${host} did not answer as Datadog does. Check the connection’s address.`;
  throw new ProviderError('protocol', 'unexpected_answer', sentence, { ambiguous: body !== undefined });
}

/** One read below `/api/v1`. Throws `ProviderError` for anything but a success. */
export const read = <T>(c: ProviderContext, path: string, schema: ZodType<T>, query: Record<string, string> = {}) =>
  exchange(c, path, schema, { query });

/** One request that writes. Throws `ProviderError`; `ambiguous` when it may have been taken. */
export const send = <T>(c: ProviderContext, path: string, schema: ZodType<T>, body: object) =>
  exchange(c, path, schema, { body });
