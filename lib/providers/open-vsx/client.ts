import type { ZodType } from 'zod';
import { READING_HEADER } from '@/lib/http/quota';
import { type ProviderContext, ProviderError } from '../port';
import { refused } from './errors';
import { versionSchema } from './schema';

interface Call {
  method: 'GET' | 'POST';
  /** From the registry's root. */
  path: string;
  body?: Uint8Array<ArrayBuffer> | Record<string, unknown>;
  /** With the credential. */
  authorized?: boolean;
  /** What a 404 is about, in a sentence's middle. */
  about: string;
}

/** The credential, as this registry takes it. */
interface Shown {
  headers: Record<string, string>;
  query: string;
}

/** One request, never repeated here. `c.fetch` brings the deadline, the size cap, the quota and the one origin. */
export async function call<T>(c: ProviderContext, wanted: Call, schema: ZodType<T>): Promise<T> {
  const { method, path, body, about } = wanted;
  const proof: Shown = wanted.authorized ? await proofOf(c) : { headers: {}, query: '' };
  const isBytes = body instanceof Uint8Array;
  const type = isBytes ? 'application/octet-stream' : 'application/json';
  // Clients ask the gallery by POST, too; it changes nothing.
  const mutation = method === 'POST' && wanted.authorized === true;
  const headers = { accept: 'application/json', ...proof.headers, ...(mutation ? {} : { [READING_HEADER]: '1' }) };
  const response = await c.fetch(`${c.origin}${path}${proof.query}`, {
    method,
    headers: body === undefined ? headers : { ...headers, 'content-type': type },
    ...(body === undefined ? {} : { body: isBytes ? body : JSON.stringify(body) }),
    ...(c.signal ? { signal: c.signal } : {}),
  });
  if (!response.ok) throw await refused(response, { mutation, about, now: c.now() });
  const parsed = schema.safeParse(await response.json().catch(() => undefined));
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]?.path.join('.') ?? '';
  const sentence = `Open VSX answered something that this version does not understand (${path}${where ? `: ${where}` : ''}). Please report it.`;
  throw new ProviderError('protocol', 'unexpected_answer', sentence, { ambiguous: mutation });
}

/**
 * From 1.3.0 on a registry takes the token in a header; an older one only in the address, where its own log sees it. The
 * header comes along all the same, as the vendor's client does. Source: `ovsx` 1.3.0
 */
async function proofOf(c: ProviderContext): Promise<Shown> {
  const token = tokenOf(c);
  const headers = { authorization: `Bearer ${token}` };
  return { headers, query: (await takesHeader(c)) ? '' : `?token=${encodeURIComponent(token)}` };
}

async function takesHeader(c: ProviderContext): Promise<boolean> {
  try {
    const about = 'version of the registry';
    const { version } = await call(c, { method: 'GET', path: '/api/version', about }, versionSchema);
    const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
    return major > 1 || (major === 1 && minor >= 3);
  } catch (error) {
    // Registries of before this address was there.
    if (error instanceof ProviderError && error.kind === 'notFound') return false;
    throw error;
  }
}

function tokenOf({ credential }: ProviderContext): string {
  if (credential.kind === 'basic') return credential.password.reveal();
  throw new ProviderError('auth', 'wrong_kind', 'Open VSX needs a namespace and an access token.');
}
