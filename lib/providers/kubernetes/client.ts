import type { ZodType } from 'zod';
import { type ProviderContext, ProviderError } from '../port';
import { type About, refused } from './errors';

export interface Call extends Pick<About, 'about' | 'made' | 'right'> {
  method: 'GET' | 'POST' | 'PATCH';
  path: string;
  query?: Record<string, string>;
  /** A server-side apply, or a JSON merge patch. */
  patch?: 'apply' | 'merge';
  /** Only metadata is asked for. */
  metadataOnly?: true;
  body?: unknown;
}

const TYPES = { apply: 'application/apply-patch+yaml', merge: 'application/merge-patch+json' };
// https://kubernetes.io/docs/reference/using-api/api-concepts/#receiving-resources-as-tables (and partial metadata)
const METADATA = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';

/** One request, never repeated here. `c.fetch` brings the deadline, the size cap and the one origin. */
export async function call<T>(
  c: ProviderContext,
  { method, path, query = {}, patch, metadataOnly, body, ...about }: Call,
  schema: ZodType<T>,
): Promise<T> {
  if (c.credential.kind !== 'token')
    throw new ProviderError('auth', 'wrong_kind', 'A cluster needs the token of a service account.');
  const search = new URLSearchParams(query).toString();
  const response = await c.fetch(`${c.origin}${path}${search ? `?${search}` : ''}`, {
    method,
    headers: {
      authorization: `Bearer ${c.credential.token.reveal()}`,
      accept: metadataOnly ? METADATA : 'application/json',
      // What is read may hold secrets: nothing on the way keeps it.
      'cache-control': 'no-store',
      ...(body === undefined ? {} : { 'content-type': patch ? TYPES[patch] : 'application/json' }),
    },
    // JSON is YAML, too.
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(c.signal ? { signal: c.signal } : {}),
  });
  const mutation = method === 'PATCH';
  if (!response.ok) throw await refused(response, { ...about, mutation, now: c.now() });
  const parsed = schema.safeParse(await response.json().catch(() => undefined));
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]?.path.join('.') ?? '';
  const sentence = `This address did not answer as a Kubernetes API server does (${about.about}${where ? `: ${where}` : ''}). Check the connection’s address.`;
  throw new ProviderError('protocol', 'unexpected_answer', sentence, { ambiguous: mutation });
}
