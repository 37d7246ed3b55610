import type { Actor } from '@/lib/auth/actor';
import { isExtensionName, isPublisher } from '@/lib/extensions/model/identity';
import { describeError, log } from '@/lib/kernel/log';
import { answerTo } from '@/lib/pipeline/refusal';
import { OPEN_VSX_VERSION } from '../model/open-vsx-answer';
import { callerOf, tokenOf } from './caller';
import { serveEditor } from './editor';
import { serveOpenVsx } from './open-vsx';
import { type Asked, type GalleryHost, ROOT, readPlace } from './place';
import { serveWrites } from './publish';
import { json, notFound, refused, SAFE } from './respond';

/**
 * Everything under /api/gallery: the gallery protocol of VS Code and the API of Open VSX. Never a page, never without a
 * token but for what says nothing of what is here. The address may hold a token, so it is in no log and no answer to others.
 */
export async function serveGallery(request: Request, host: GalleryHost): Promise<Response> {
  try {
    const url = new URL(request.url);
    const place = readPlace(url.pathname);
    if (!place) return notFound();
    const open = serveOpen(place.path, url.searchParams, host.origin);
    if (open) return open;
    const anonymous: Actor = { kind: 'anonymous', name: 'anonymous', ip: host.ip };
    const { db } = host.contextFor(anonymous, host.requestId);
    const caller = await callerOf(
      db,
      tokenOf(place.token, request.headers.get('authorization'), url.searchParams),
      host.ip,
    );
    const base = `${host.origin}${ROOT}${place.token === null ? '' : `/t/${place.token}`}`;
    const ctx = host.contextFor(caller.actor, host.requestId);
    const asked: Asked = { request, path: place.path, query: url.searchParams, ctx, caller, base };
    return (await dispatch(asked)) ?? notFound();
  } catch (error) {
    const answer = answerTo(error, host.requestId);
    if (answer.unexpected) log.error('the gallery failed', { requestId: host.requestId, ...describeError(error) });
    const challenge: Record<string, string> =
      answer.httpStatus === 401 ? { 'WWW-Authenticate': 'Basic realm="AetherStack gallery"' } : {};
    const wait: Record<string, string> = answer.retryAfter ? { 'Retry-After': String(answer.retryAfter) } : {};
    return refused(answer.httpStatus, answer.refusal.code, answer.refusal.sentence, { ...challenge, ...wait });
  }
}

async function dispatch(asked: Asked): Promise<Response | null> {
  if (asked.path[0] !== 'api') return await serveEditor(asked);
  const written = await serveWrites(asked);
  if (written) return written;
  return asked.request.method === 'GET' || asked.request.method === 'HEAD' ? await serveOpenVsx(asked) : null;
}

/** What needs no token: which API this is, and the way from an editor to the page of an extension, which asks for sign-in. */
function serveOpen(path: readonly string[], query: URLSearchParams, origin: string): Response | null {
  if (path.join('/') === 'api/version') return json({ version: OPEN_VSX_VERSION });
  if (path.length !== 1 || path[0] !== 'item') return null;
  const [namespace = '', name = '', ...rest] = (query.get('itemName') ?? '').split('.');
  if (rest.length > 0 || !isPublisher(namespace) || !isExtensionName(name))
    return refused(400, 'invalid', 'Expecting an item of the form `{publisher}.{name}`');
  return new Response(null, { status: 302, headers: { ...SAFE, Location: `${origin}/gallery/${namespace}/${name}` } });
}
