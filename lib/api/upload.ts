import { Readable } from 'node:stream';
import type { ReadableStream as NodeStream } from 'node:stream/web';
import { PACKAGE_LIMITS } from '@/lib/extensions/model/limits';
import { ServiceError } from '@/lib/kernel/errors';
import { performAction } from '@/lib/pipeline/run-action';
import { BodyError } from './body';
import { type ApiHost, changingCaller } from './caller';
import { PRIVATE, problemOf } from './problem';
import type { UploadRoute } from './route';

/** What a file may come as; a form of another site can send none of them. */
export const UPLOAD_TYPES = ['application/octet-stream', 'application/zip', 'application/vsix'] as const;

/**
 * The body as it comes, not yet read: the verb counts its bytes and stops reading where the limit is. Throws for a type that
 * a page of another site could send, for no body, and for a length that is too large by its own word.
 */
export function contentOf(request: Request): Readable {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (!(UPLOAD_TYPES as readonly string[]).includes(type))
    throw new BodyError(415, 'content_type', `Send the file itself, with Content-Type: ${UPLOAD_TYPES[0]}.`);
  if (Number(request.headers.get('content-length') ?? 0) > PACKAGE_LIMITS.upload)
    throw new BodyError(413, 'package_too_large', 'A package may have 100 MB at most.');
  if (!request.body) throw new ServiceError('invalid', 'no_body', 'Send the .vsix file itself as the body.');
  const content = Readable.fromWeb(request.body as NodeStream);
  // It may break before anybody reads it, or be refused and never read.
  content.on('error', () => undefined);
  return content;
}

/** A file with a token: the pipeline asks who and how often before a byte of it is read. */
export async function handleUpload(route: UploadRoute, request: Request, host: ApiHost): Promise<Response> {
  const done = await performAction(route.command, undefined, {
    facts: host.facts,
    ownOrigin: host.ownOrigin,
    // A token is no cookie: pages of other sites cannot send it, and are refused when it is read.
    admit: () => undefined,
    resolveActor: () => changingCaller(request.headers.get('authorization'), host),
    contextFor: async (actor, requestId) => host.contextFor(actor, requestId),
    readInput: async () => ({ content: contentOf(request) }),
  });
  if (!done.ok) return problemOf(done.answer, host.facts.requestId);
  return new Response(JSON.stringify(done.value), {
    status: route.status,
    headers: { ...PRIVATE, 'Content-Type': 'application/json' },
  });
}
