import { openApi } from '@/lib/api/openapi';

/** The document says nothing about who or what is inside, so anybody may read it. */
export function GET(): Response {
  return Response.json(openApi(), { headers: { 'Cache-Control': 'no-cache' } });
}
