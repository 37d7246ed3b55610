import { createHash } from 'node:crypto';
import type { Actor } from '@/lib/auth/actor';
import { describeError, log } from '@/lib/kernel/log';
import { answerTo, isFrameworkSignal } from '@/lib/pipeline/refusal';
import { runQuery } from '@/lib/pipeline/run-query';
import { type ApiHost, readingCaller } from './caller';
import { handleChange } from './change';
import { inputFrom, type Params } from './input';
import { PRIVATE, problem, problemOf } from './problem';
import { type ApiRoute, type FileRoute, type ReadRoute, verbOf } from './route';
import { handleUpload } from './upload';

/** Answers one request by its line of the table. Whatever goes wrong is problem details, never a page. */
export async function handleApi(route: ApiRoute, request: Request, params: Params, host: ApiHost): Promise<Response> {
  try {
    if (route.kind === 'change') return await handleChange(route, request, params, host);
    if (route.kind === 'upload') return await handleUpload(route, request, host);
    return route.kind === 'file'
      ? await handleFile(route, request, params, host)
      : await handleRead(route, request, params, host);
  } catch (error) {
    if (isFrameworkSignal(error)) throw error;
    const { requestId } = host.facts;
    const answer = answerTo(error, requestId);
    const { name } = verbOf(route);
    if (answer.unexpected) log.error('request failed', { requestId, verb: name, ...describeError(error) });
    return problemOf(answer, requestId);
  }
}

async function begin(route: ReadRoute | FileRoute, request: Request, params: Params, host: ApiHost) {
  const actor: Actor = await readingCaller(request.headers.get('authorization'), host);
  const raw = inputFrom(new URL(request.url).searchParams, params, route.rename);
  return { raw, ctx: host.contextFor(actor, host.facts.requestId) };
}

async function handleRead(route: ReadRoute, request: Request, params: Params, host: ApiHost): Promise<Response> {
  const { raw, ctx } = await begin(route, request, params, host);
  const value = await runQuery(route.definition, raw, ctx);
  const text = JSON.stringify(value);
  const tag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 27)}"`;
  const headers: Record<string, string> = { ...PRIVATE, ETag: tag, ...nextPage(request.url, value) };
  const known = request.headers.get('if-none-match')?.split(',') ?? [];
  if (known.some((each) => each.trim().replace(/^W\//, '') === tag))
    return new Response(null, { status: 304, headers });
  return new Response(text, { headers: { ...headers, 'Content-Type': 'application/json' } });
}

/** https://www.rfc-editor.org/rfc/rfc8288 */
function nextPage(url: string, value: unknown): Record<string, string> {
  const cursor = typeof value === 'object' && value !== null && 'nextCursor' in value ? value.nextCursor : null;
  if (typeof cursor !== 'string') return {};
  const next = new URL(url);
  next.searchParams.set('cursor', cursor);
  return { Link: `<${next.pathname}${next.search}>; rel="next"` };
}

async function handleFile(route: FileRoute, request: Request, params: Params, host: ApiHost): Promise<Response> {
  const { raw, ctx } = await begin(route, request, params, host);
  const { name, type, body } = await runQuery(route.definition, raw, ctx);
  const disposition = `attachment; filename="${name.replace(/[^\w.-]/g, '_')}"`;
  const headers = { ...PRIVATE, 'Content-Type': type, 'Content-Disposition': disposition };
  if (request.method !== 'HEAD') return new Response(body, { headers });
  // Nobody reads it, so nobody else would close what is open behind it.
  await body.cancel();
  return new Response(null, { headers });
}

export function noSuchPath(host: Pick<ApiHost, 'facts'>): Response {
  const sentence = 'There is nothing at this address. What there is stands in /api/v1/openapi.json.';
  return problem({ status: 404, code: 'no_such_path', sentence, requestId: host.facts.requestId });
}

export function wrongMethod(allowed: readonly string[], host: Pick<ApiHost, 'facts'>): Response {
  const Allow = allowed.join(', ');
  const sentence = `This address knows ${Allow} only.`;
  const { requestId } = host.facts;
  return problem({ status: 405, code: 'method_not_allowed', sentence, requestId, headers: { Allow } });
}
