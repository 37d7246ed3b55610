import type { ZodType } from 'zod';
import { READING_HEADER } from '@/lib/http/quota';
import { type ProviderContext, ProviderError } from '../port';
import { refused } from './errors';
import { hasToken } from './manifest';

interface Call {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below `/_apis`. */
  path: string;
  /** Of the resource, as azure-devops-node-api asks for it. */
  apiVersion: string;
  body?: Uint8Array<ArrayBuffer> | Record<string, unknown>;
  /** With the credential; what everybody may ask is asked without. */
  authorized: boolean;
  about: string;
}

/** One request, never repeated here. `c.fetch` brings the deadline, the size cap and the one origin. */
export async function call<T>(c: ProviderContext, wanted: Call, schema: ZodType<T>): Promise<T> {
  const { method, path, apiVersion, body, authorized, about } = wanted;
  const isBytes = body instanceof Uint8Array;
  const mutation = method !== 'GET' && authorized;
  const response = await c.fetch(`${c.origin}/_apis${path}`, {
    method,
    headers: {
      accept: `application/json;api-version=${apiVersion}`,
      ...(body === undefined ? {} : { 'content-type': isBytes ? 'application/octet-stream' : 'application/json' }),
      ...(authorized ? { authorization: proofOf(c) } : {}),
      // Clients ask the gallery by POST, too.
      ...(mutation ? {} : { [READING_HEADER]: '1' }),
    },
    ...(body === undefined ? {} : { body: isBytes ? body : JSON.stringify(body) }),
    ...(c.signal ? { signal: c.signal } : {}),
  });
  // A token that has ended is answered with a page to sign in at, as a success.
  if (!response.ok || response.status === 203) throw await refused(response, { mutation, about, now: c.now() });
  const parsed = schema.safeParse(response.status === 204 ? null : await response.json().catch(() => null));
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]?.path.join('.') ?? '';
  const sentence = `The Marketplace answered something that this version does not understand (${path}${where ? `: ${where}` : ''}). Please report it.`;
  throw new ProviderError('protocol', 'unexpected_answer', sentence, { ambiguous: mutation });
}

/** As vsce shows it: the user is always `OAuth`. */
function proofOf({ credential }: ProviderContext): string {
  if (!hasToken(credential)) {
    const sentence =
      'This connection has no token. Name the workflow, its repository and its connection in the target’s settings.';
    throw new ProviderError('auth', 'no_token', sentence);
  }
  if (credential.kind === 'basic')
    return `Basic ${Buffer.from(`OAuth:${credential.password.reveal()}`).toString('base64')}`;
  throw new ProviderError('auth', 'wrong_kind', 'The Marketplace needs a publisher and a personal access token.');
}
