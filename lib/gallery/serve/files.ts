import { pipeline, Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { readEntry, storeOf } from '@/lib/extensions/server';
import { describeError, log } from '@/lib/kernel/log';
import { pathOfAsset, VSIX_ASSET } from '../model/asset';
import { packageFile } from '../model/open-vsx-answer';
import type { CountKind } from '../model/scope';
import { count, findVersion, type VersionPlace, type VersionRow } from '../server';
import type { Asked } from './place';
import { notFound, refused, SAFE } from './respond';

export const GONE = 'The gallery does not offer this version. It may have been yanked.';

/** A file of a version is the same for ever. */
const FOR_GOOD = 'private, max-age=31536000, immutable';

const UNREADABLE =
  'The bytes of this version are not in the store. Somebody who has the very same package can upload it once more.';

/** How an editor says why it fetches. */
function kindOf(query: URLSearchParams): CountKind {
  if (query.get('install') === 'true') return 'install';
  return query.get('update') === 'true' ? 'update' : 'download';
}

/** Where a version is named in a path, with the platform of the query. */
export function placeOf({ query }: Asked, namespace: string, name: string, version: string): VersionPlace {
  return { namespace, name, version, platform: query.get('targetPlatform')?.toLowerCase() ?? undefined };
}

/** One asset of a version by its type: the package itself, or a file in it that may be shown. */
export async function serveAsset(asked: Asked, place: VersionPlace, type: string): Promise<Response> {
  const row = await findVersion(asked.ctx.db, place);
  if (!row) return notFound(GONE);
  if (type === VSIX_ASSET) return await servePackage(asked, row);
  const path = pathOfAsset(type, row.listing);
  const kept = { ETag: `"${row.packageId}-${type}"`, 'Cache-Control': FOR_GOOD };
  if (path !== null && asked.request.headers.get('if-none-match') === kept.ETag)
    return new Response(null, { status: 304, headers: { ...SAFE, ...kept } });
  const entry = path === null ? null : await readEntry(asked.ctx, row.packageId, path);
  if (!entry) return notFound('This version has no such file.');
  const name = path?.split('/').at(-1) ?? 'file';
  return new Response(new Uint8Array(entry.bytes), {
    headers: {
      ...SAFE,
      ...kept,
      'Content-Type': entry.type,
      'Content-Length': String(entry.bytes.byteLength),
      'Content-Disposition': `attachment; filename="${name.replace(/[^\w.-]/g, '_')}"`,
    },
  });
}

/** The bytes, as they were published; counted once they are on their way. `gzip`: for who asked for it in that form. */
export async function servePackage(asked: Asked, row: VersionRow, { gzip = false } = {}): Promise<Response> {
  const { ctx, request, query } = asked;
  const etag = `"${row.packageId}"`;
  const headers: Record<string, string> = {
    ...SAFE,
    ETag: etag,
    'Content-Type': 'application/octet-stream',
    'Content-Disposition': `attachment; filename="${packageFile(row, row)}"`,
  };
  if (request.headers.get('if-none-match') === etag) return new Response(null, { status: 304, headers });
  const opened = await storeOf(ctx).open(row.packageId);
  if (!opened || opened.size !== row.listing.size) {
    opened?.stream.destroy();
    return refused(503, 'package_unreadable', UNREADABLE);
  }
  if (request.method === 'HEAD') {
    opened.stream.destroy();
    return new Response(null, { headers: { ...headers, 'Content-Length': String(opened.size) } });
  }
  await count(ctx.db, row.id, kindOf(query)).catch((error) =>
    log.warn('a download is not counted', describeError(error)),
  );
  if (gzip && /\bgzip\b/.test(request.headers.get('accept-encoding') ?? '')) {
    // Unlike `pipe`, it ends the one when the other ends: whoever hangs up leaves no file open.
    const zipped = pipeline(opened.stream, createGzip({ level: 1 }), () => undefined);
    return new Response(Readable.toWeb(zipped) as ReadableStream, {
      headers: { ...headers, 'Content-Encoding': 'gzip', Vary: 'Accept-Encoding' },
    });
  }
  return new Response(Readable.toWeb(opened.stream) as ReadableStream, {
    headers: { ...headers, 'Content-Length': String(opened.size) },
  });
}
