/** Nothing of the gallery is a page: whatever a browser takes it for, it runs nothing and frames nothing. */
export const SAFE = {
  'Content-Security-Policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'private, no-store',
  // The token may stand in the address.
  'Referrer-Policy': 'no-referrer',
} as const;

type HeaderRecord = Record<string, string>;

export function json(value: unknown, status = 200, headers: HeaderRecord = {}): Response {
  return new Response(JSON.stringify(value), {
    status,
    headers: { ...SAFE, 'Content-Type': 'application/json', ...headers },
  });
}

/** A refusal, readable for VS Code, `ovsx` (`error`) and people. */
export function refused(status: number, code: string, sentence: string, headers: HeaderRecord = {}): Response {
  // The rest of a body that comes too slowly is not waited for.
  return json({ error: sentence, code }, status, { ...(status === 408 ? { Connection: 'close' } : {}), ...headers });
}

export const notFound = (sentence = 'The gallery has nothing at this address.'): Response =>
  refused(404, 'not_found', sentence);

export function wrongMethod(allow: string): Response {
  return refused(405, 'method_not_allowed', `This address knows ${allow} only.`, { Allow: allow });
}
