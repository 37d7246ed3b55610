import { isTargetPlatform, isVersion } from '@/lib/extensions/model/identity';
import { OPEN_VSX_FILES } from '../model/asset';
import type { Whole } from '../model/editor-answer';
import type { GalleryVersion } from '../model/extension';
import { idOf, newestFirst } from '../model/extension';
import { allVersions, currentOf, extensionJson, packageFile, searchEntry } from '../model/open-vsx-answer';
import { LIMITS, SORT } from '../model/protocol';
import { EVERYTHING, readSearchText } from '../model/query';
import { search } from '../model/search';
import { findNamespace, findVersion, readExtensions, type VersionPlace } from '../server';
import { whole } from './editor';
import { serveAsset, servePackage } from './files';
import type { Asked } from './place';
import { json, notFound, refused, SAFE } from './respond';

/** Names that stand for a version. */
const LATEST = 'latest';
const PRERELEASE = 'pre-release';

/** Reads of the Open VSX API, below `/api`: https://github.com/eclipse/openvsx (RegistryAPI.java). Null = it is none of these. */
export async function serveOpenVsx(asked: Asked): Promise<Response | null> {
  const [namespace = '', name, ...rest] = asked.path.slice(1);
  if (namespace === '-' && name === 'search' && rest.length === 0) return await answerSearch(asked);
  if (namespace === '-' && name === 'query' && rest.length === 0) return await answerList(asked);
  if (namespace === '' || namespace === '-') return null;
  if (name === undefined) return await answerNamespace(asked, namespace);
  const platform = rest[0] && isTargetPlatform(rest[0]) ? rest.shift() : undefined;
  const version =
    rest[0] && (isVersion(rest[0]) || rest[0] === LATEST || rest[0] === PRERELEASE) ? rest.shift() : undefined;
  if (rest[0] === 'file' && rest.length === 2 && version)
    return await answerFile(asked, { namespace, name, version, platform }, rest[1] ?? '');
  return rest.length === 0 ? await answerExtension(asked, namespace, name, platform, version) : null;
}

async function wholeOf(asked: Asked, id: string, version?: string): Promise<Whole | null> {
  const found = await readExtensions(asked.ctx.db, { ids: null, names: [id.toLowerCase()], platform: null });
  return (await whole(asked, found, null, version ?? null))[0] ?? null;
}

async function answerNamespace(asked: Asked, called: string): Promise<Response> {
  const row = await findNamespace(asked.ctx.db, called);
  if (!row) return notFound(`Namespace not found: ${called}`);
  const all = await readExtensions(asked.ctx.db, { ids: null, names: null, platform: null });
  const own = all.filter(({ namespace }) => namespace === row.name);
  const urls = own.map(({ name }) => [name, `${asked.base}/api/${row.name}/${name}`]);
  return json({ name: row.name, extensions: Object.fromEntries(urls), verified: true, access: 'restricted' });
}

function pick(extension: Whole, platform?: string, version?: string): GalleryVersion | null {
  if (version === PRERELEASE) {
    const early = extension.versions.filter(({ prerelease }) => prerelease);
    return currentOf(early, platform ?? null);
  }
  if (version === undefined || version === LATEST) return currentOf(extension.versions, platform ?? null);
  return currentOf(
    extension.versions.filter((each) => each.version === version),
    platform ?? null,
  );
}

async function answerExtension(
  asked: Asked,
  namespace: string,
  name: string,
  platform?: string,
  version?: string,
): Promise<Response> {
  const extension = await wholeOf(asked, `${namespace}.${name}`, version);
  const found = extension && pick(extension, platform, version);
  const called = `${namespace}.${name}${version ? ` v${version}` : ''}${platform ? `@${platform}` : ''}`;
  return extension && found
    ? json(extensionJson(asked.base, extension, found))
    : notFound(`Extension not found: ${called}`);
}

/** The version that an alias stands for; everything else as it was named. */
async function placed<T extends VersionPlace>(asked: Asked, named: T): Promise<T> {
  if (isVersion(named.version)) return named;
  const extension = await wholeOf(asked, `${named.namespace}.${named.name}`);
  const found = extension && pick(extension, named.platform, named.version);
  return found ? { ...named, version: found.version, platform: found.platform } : named;
}

async function answerFile(
  asked: Asked,
  named: { namespace: string; name: string; version: string; platform?: string | undefined },
  file: string,
): Promise<Response> {
  const place = await placed(asked, named);
  const row = await findVersion(asked.ctx.db, place);
  if (!row) return notFound(`Extension not found: ${place.namespace}.${place.name} v${place.version}`);
  const own = packageFile(row, row);
  if (file === own) return await servePackage(asked, row);
  if (file === own.replace(/\.vsix$/, '.sha256'))
    return new Response(row.packageId, { headers: { ...SAFE, 'Content-Type': 'text/plain' } });
  const type =
    file === 'package.json' ? OPEN_VSX_FILES.manifest : OPEN_VSX_FILES[file.replace(/\..*$/, '').toLowerCase()];
  return type ? await serveAsset(asked, place, type) : notFound();
}

/** A whole number from 0, or a refusal as Open VSX words it. */
function count(query: URLSearchParams, name: string, usual: number): number | Response {
  const text = query.get(name);
  const value = text === null ? usual : Number(text);
  if (!Number.isSafeInteger(value)) return refused(400, 'invalid', `The parameter '${name}' must be a number.`);
  return value < 0 ? refused(400, 'invalid', `The parameter '${name}' must not be negative.`) : value;
}

const SORTS: Record<string, number> = {
  timestamp: SORT.lastUpdated,
  downloads: SORT.installs,
  relevance: SORT.relevance,
};

async function answerSearch(asked: Asked): Promise<Response> {
  const { query } = asked;
  const [size, offset] = [count(query, 'size', 18), count(query, 'offset', 0)];
  if (size instanceof Response) return size;
  if (offset instanceof Response) return offset;
  const text = readSearchText(query.get('query') ?? '');
  const category = query.get('category')?.toLowerCase();
  const platform = query.get('targetPlatform');
  const wanted = {
    ...EVERYTHING,
    ...text,
    categories: [...text.categories, ...(category ? [category] : [])],
    platform: platform && isTargetPlatform(platform) ? platform : null,
    sortBy: SORTS[query.get('sortBy') ?? 'relevance'] ?? SORT.relevance,
    sortOrder: query.get('sortOrder') === 'asc' ? 1 : 2,
    ...{ offset, size: Math.min(size, LIMITS.openVsxPage) },
  };
  const { extensions, total } = search(wanted, await readExtensions(asked.ctx.db, wanted));
  const found = await whole(asked, extensions, wanted.platform);
  const all = query.get('includeAllVersions') === 'true';
  return json({ offset, totalSize: total, extensions: found.map((each) => searchEntry(asked.base, each, all)) });
}

/** `/api/-/query`: by names and ids, one entry a version. */
async function answerList(asked: Asked): Promise<Response> {
  const { query } = asked;
  const [size, offset] = [count(query, 'size', 100), count(query, 'offset', 0)];
  if (size instanceof Response) return size;
  if (offset instanceof Response) return offset;
  const id = query.get('extensionId')?.toLowerCase();
  if (id && !/^[^.]+\.[^.]+$/.test(id))
    return refused(400, 'invalid', "The 'extensionId' parameter must have the format 'namespace.extension'.");
  const uuid = query.get('extensionUuid');
  const found = await readExtensions(asked.ctx.db, {
    ids: uuid ? [uuid] : null,
    names: id ? [id] : null,
    platform: null,
  });
  const [namespace, name] = ['namespaceName', 'extensionName'].map((key) => query.get(key)?.toLowerCase());
  const named = found.filter(
    (each) => (!namespace || each.namespace.toLowerCase() === namespace) && (!name || each.name.toLowerCase() === name),
  );
  named.sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
  const entries = (await whole(asked, named, null, query.get('extensionVersion'))).flatMap((extension) =>
    listed(extension, query).map((version) => ({ extension, version })),
  );
  const page = entries.slice(offset, offset + Math.min(size, LIMITS.openVsxPage));
  const addresses = new Map(
    [...new Set(page.map(({ extension }) => extension))].map((each) => [each, allVersions(asked.base, each)]),
  );
  const answers = page.map(({ extension, version }) =>
    extensionJson(asked.base, extension, version, addresses.get(extension)),
  );
  return json({ offset, totalSize: entries.length, extensions: answers });
}

function listed(extension: Whole, query: URLSearchParams): GalleryVersion[] {
  const [version, platform] = [query.get('extensionVersion'), query.get('targetPlatform')];
  const here = extension.versions.filter((each) => !platform || each.platform === platform);
  if (version) return here.filter((each) => each.version === version).sort(newestFirst);
  if (query.get('includeAllVersions') === 'true') return [...here].sort(newestFirst);
  const current = currentOf(here, null);
  return current ? [current] : [];
}
