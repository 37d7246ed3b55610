import { createHash } from 'node:crypto';
import { openApi } from './openapi';

let built: { text: string; tag: string } | null = null;

/** Built once: it depends on nothing but the sources. */
function document() {
  if (built) return built;
  const text = JSON.stringify(openApi());
  built = { text, tag: `"${createHash('sha256').update(text).digest('base64url').slice(0, 27)}"` };
  return built;
}

/** The document says nothing about who or what is inside, so anybody may read it and keep it. */
export function serveDocument(request: Request): Response {
  const { text, tag } = document();
  const headers = { 'Cache-Control': 'no-cache', ETag: tag };
  const known = request.headers.get('if-none-match')?.split(',') ?? [];
  if (known.some((each) => each.trim().replace(/^W\//, '') === tag))
    return new Response(null, { status: 304, headers });
  return new Response(text, { headers: { ...headers, 'Content-Type': 'application/json' } });
}
