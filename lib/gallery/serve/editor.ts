import { readBody } from '@/lib/api/body';
import { parseInput } from '@/lib/pipeline/parse-input';
import { extensionAnswer, queryAnswer, type Whole } from '../model/editor-answer';
import type { GalleryExtension } from '../model/extension';
import { FLAG } from '../model/protocol';
import { galleryQueryBody, galleryQueryOf } from '../model/query';
import { COUNT_KINDS, type CountKind } from '../model/scope';
import { search } from '../model/search';
import { count, findVersion, readExtensions, readVersions } from '../server';
import { GONE, placeOf, serveAsset, servePackage } from './files';
import type { Asked } from './place';
import { json, notFound } from './respond';

/** What an editor asks, by https://github.com/microsoft/vscode (extensionGalleryService.ts). Null = it is none of these. */
export async function serveEditor(asked: Asked): Promise<Response | null> {
  const { path, request } = asked;
  const [a, b = '', c, d = '', e = '', f, g = ''] = path;
  const posts = request.method === 'POST';
  if (a === 'extensionquery' && path.length === 1) return posts ? await answerQuery(asked) : null;
  if (a === 'vscode' && path.length === 4 && d === 'latest') return await answerLatest(asked, b, c ?? '');
  if (a === 'publisher' && c === 'extension' && f === 'assetbyname' && path.length === 7)
    return await serveAsset(asked, placeOf(asked, b, d, e), g);
  if (a === 'publishers' && c === 'vsextensions' && f === 'vspackage' && path.length === 6)
    return await answerPackage(asked, b, d, e);
  if (a === 'publishers' && c === 'extensions' && f === 'stats' && posts)
    return await answerCount(asked, b, d, e, asked.query.get('statType'));
  if (a === 'itemName' && c === 'version' && e === 'statType' && posts) {
    const [namespace = '', name = ''] = b.split('.');
    return await answerCount(asked, namespace, name, d, f === '1' ? 'install' : f === '3' ? 'uninstall' : null);
  }
  return null;
}

/** The same extensions with their versions, as many as an answer may have; `version` among them when it is there. */
export async function whole(
  asked: Asked,
  some: readonly GalleryExtension[],
  platform: string | null,
  version: string | null = null,
): Promise<Whole[]> {
  const versions = await readVersions(
    asked.ctx.db,
    some.map(({ extensionId }) => extensionId),
    platform,
    version,
  );
  return some.map((each) => ({ ...each, versions: versions.get(each.extensionId) ?? [] }));
}

async function answerQuery(asked: Asked): Promise<Response> {
  const { value } = await readBody(asked.request);
  const query = galleryQueryOf(parseInput(galleryQueryBody, value));
  const all = query.impossible ? [] : await readExtensions(asked.ctx.db, query);
  const { extensions, total } = search(query, all);
  return json(queryAnswer(asked.base, await whole(asked, extensions, query.platform), total, query.flags));
}

const LATEST =
  FLAG.versions | FLAG.files | FLAG.categoryAndTags | FLAG.versionProperties | FLAG.assetUri | FLAG.statistics;

async function answerLatest(asked: Asked, namespace: string, name: string): Promise<Response> {
  const names = [`${namespace}.${name}`.toLowerCase()];
  const found = await readExtensions(asked.ctx.db, { ids: null, names, platform: null });
  const [extension] = await whole(asked, found, null);
  if (!extension) return notFound(`Extension not found: ${namespace}.${name}`);
  return json(extensionAnswer(asked.base, extension, LATEST | FLAG.latestPrereleaseAndStable));
}

async function answerPackage(asked: Asked, namespace: string, name: string, version: string): Promise<Response> {
  const row = await findVersion(asked.ctx.db, placeOf(asked, namespace, name, version));
  return row ? await servePackage(asked, row, { gzip: true }) : notFound(GONE);
}

async function answerCount(
  asked: Asked,
  namespace: string,
  name: string,
  version: string,
  kind: string | null,
): Promise<Response> {
  if (kind === null || !(COUNT_KINDS as readonly string[]).includes(kind)) return notFound();
  const row = await findVersion(asked.ctx.db, placeOf(asked, namespace, name, version));
  if (!row) return notFound(GONE);
  await count(asked.ctx.db, row.id, kind as CountKind);
  return json({});
}
