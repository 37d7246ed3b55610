import type { ZodType } from 'zod';
import { readRetryAfterMs, UNSAID_PAUSE_MS } from '@/lib/http/quota';
import { type ProviderContext, ProviderError } from '../port';

/** One request, never repeated here. `c.fetch` brings the deadline, the size cap, the quota and the one origin. */
export async function call<T>(
  c: ProviderContext,
  method: 'GET' | 'POST',
  path: string,
  schema: ZodType<T>,
  body?: Record<string, unknown>,
): Promise<T> {
  if (c.credential.kind !== 'token') throw new ProviderError('auth', 'wrong_kind', 'This provider needs a token.');
  const response = await c.fetch(`${c.origin}${path}`, {
    method,
    headers: { authorization: `Bearer ${c.credential.token.reveal()}`, 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  if (!response.ok) throw refused(response, method !== 'GET', c.now());
  const parsed = schema.safeParse(await response.json().catch(() => null));
  if (parsed.success) return parsed.data;
  const sentence = 'The vendor answered something that this version does not understand. Please report it.';
  throw new ProviderError('protocol', 'unexpected_answer', sentence, { ambiguous: method !== 'GET' });
}

/** Every failure as a `ProviderError` with a sentence that says what to do. Never repeats the vendor's body. */
function refused(response: Response, mutation: boolean, now: number): ProviderError {
  const { status, headers } = response;
  if (status === 401) {
    return new ProviderError(
      'auth',
      'credential_refused',
      'The vendor refuses this credential. Store a new one under Connections.',
    );
  }
  if (status === 403) {
    return new ProviderError(
      'auth',
      'missing_permission',
      'The credential may not do this. Grant it the right at the vendor.',
    );
  }
  if (status === 404) return new ProviderError('notFound', 'not_found', 'The vendor knows nothing of that name.');
  if (status === 429) {
    const retryAfterMs = readRetryAfterMs(headers, now) ?? UNSAID_PAUSE_MS;
    return new ProviderError('rateLimited', 'rate_limited', 'The vendor asks for a pause.', { retryAfterMs });
  }
  if (status >= 500) {
    const sentence = 'The vendor has trouble. It is tried again.';
    return new ProviderError('unavailable', 'vendor_error', sentence, { ambiguous: mutation });
  }
  return new ProviderError('rejected', `http_${status}`, `The vendor did not accept this (${status}).`);
}
