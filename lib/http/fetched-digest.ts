import { createHash } from 'node:crypto';
import { CUT_HEADER } from './guarded-fetch';
import { DIGEST_HEADER, LARGEST_HEADER } from './quota';

/** The largest package of an extension, bytes: as much as this console takes in. */
const LARGEST = 100 * 1_048_576;

/** SHA-256 (hexadecimal) of what lies at an address; null when it is not given, or is longer than may be read. */
export async function fetchedDigest(
  c: { fetch: typeof globalThis.fetch; signal?: AbortSignal | undefined },
  url: string,
): Promise<string | null> {
  const headers = { [LARGEST_HEADER]: String(LARGEST), [DIGEST_HEADER]: '1' };
  const response = await c.fetch(url, { headers, ...(c.signal ? { signal: c.signal } : {}) });
  // The digest of the first part would say that something else lies there.
  if (!response.ok || response.headers.has(CUT_HEADER)) return null;
  if (response.headers.has(DIGEST_HEADER)) return response.text();
  return createHash('sha256')
    .update(Buffer.from(await response.arrayBuffer()))
    .digest('hex');
}
