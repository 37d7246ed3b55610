import { assetTypes, OPEN_VSX_FILES } from './asset';
import { assetBase, type Whole } from './editor-answer';
import { fetches, type GalleryVersion, newestFirst } from './extension';

const part = encodeURIComponent;

/** The API's own version that is spoken here; from it on `ovsx` sends the token in a header only. */
export const OPEN_VSX_VERSION = '1.3.0';

/** As Open VSX writes a version into its sentences. */
export function logName({
  namespace,
  name,
  version,
  platform,
}: Record<'namespace' | 'name' | 'version' | 'platform', string>): string {
  return `${namespace}.${name} v${version}${platform === 'universal' ? '' : `@${platform}`}`;
}

function placeOf(base: string, { namespace, name }: Whole, version?: GalleryVersion): string {
  const at = `${base}/api/${part(namespace)}/${part(name)}`;
  if (!version) return at;
  return version.platform === 'universal' ? `${at}/${version.version}` : `${at}/${version.platform}/${version.version}`;
}

export function packageFile(
  { namespace, name }: Pick<Whole, 'namespace' | 'name'>,
  { version, platform }: Pick<GalleryVersion, 'version' | 'platform'>,
): string {
  return `${namespace}.${name}-${version}${platform === 'universal' ? '' : `@${platform}`}.vsix`;
}

function filesOf(base: string, extension: Whole, version: GalleryVersion): Record<string, string> {
  const file = `${placeOf(base, extension, version)}/file/${packageFile(extension, version)}`;
  const at = assetBase(base, extension, version.version);
  const query = version.platform === 'universal' ? '' : `?targetPlatform=${version.platform}`;
  const there = assetTypes(version.listing);
  const others = Object.entries(OPEN_VSX_FILES)
    .filter(([, type]) => there.includes(type))
    .map(([name, type]) => [name, `${at}/${type}${query}`]);
  return { download: file, sha256: file.replace(/\.vsix$/, '.sha256'), ...Object.fromEntries(others) };
}

/** The version that is meant when none is named: the newest that is no pre-release, else the newest. */
export function currentOf(versions: readonly GalleryVersion[], platform: string | null): GalleryVersion | null {
  const here = [...versions].filter((version) => platform === null || version.platform === platform).sort(newestFirst);
  const best = here.find(({ prerelease }) => !prerelease) ?? here[0];
  if (!best) return null;
  return here.find((each) => each.version === best.version && each.platform === 'universal') ?? best;
}

/** Where each version is, the newest first. */
export function allVersions(base: string, extension: Whole): Record<string, string> {
  const versions = [...extension.versions].sort(newestFirst);
  return Object.fromEntries([
    ['latest', placeOf(base, extension)],
    ...versions.map((each) => [each.version, placeOf(base, extension, each)]),
  ]);
}

/** One version as Open VSX describes it. https://github.com/eclipse/openvsx/blob/master/server/src/main/java/org/eclipse/openvsx/json/ExtensionJson.java */
export function extensionJson(
  base: string,
  extension: Whole,
  version: GalleryVersion,
  addresses = allVersions(base, extension),
) {
  const { namespace, name, counts } = extension;
  const { listing } = version;
  const sameVersion = extension.versions.filter((each) => each.version === version.version);
  return {
    namespaceUrl: `${base}/api/${part(namespace)}`,
    files: filesOf(base, extension, version),
    name,
    namespace,
    targetPlatform: version.platform,
    version: version.version,
    preRelease: version.prerelease,
    verified: true,
    unrelatedPublisher: false,
    namespaceAccess: 'restricted',
    allVersions: addresses,
    downloadCount: fetches(counts),
    reviewCount: 0,
    versionAlias: currentOf(extension.versions, null)?.version === version.version ? ['latest'] : [],
    timestamp: version.publishedAt,
    preview: listing.preview,
    displayName: listing.displayName,
    namespaceDisplayName: namespace,
    description: listing.description,
    engines: { vscode: listing.engine },
    categories: listing.categories,
    extensionKind: listing.kinds,
    tags: listing.tags,
    license: listing.license ?? undefined,
    dependencies: listing.dependencies.map((id) => reference(base, id)),
    bundledExtensions: listing.pack.map((id) => reference(base, id)),
    downloads: Object.fromEntries(
      sameVersion.map((each) => [each.platform, filesOf(base, extension, each).download]),
    ) as Record<string, string>,
    url: placeOf(base, extension, version),
    deprecated: false,
    downloadable: true,
  };
}

function reference(base: string, id: string) {
  const [namespace = '', extension = ''] = id.split('.');
  return { url: `${base}/api/${part(namespace)}/${part(extension)}`, namespace, extension };
}

/** One line of a search. */
export function searchEntry(base: string, extension: Whole, all: boolean) {
  const version = currentOf(extension.versions, null) ?? extension.latest;
  const { listing } = version;
  return {
    url: placeOf(base, extension),
    files: filesOf(base, extension, version),
    name: extension.name,
    namespace: extension.namespace,
    version: version.version,
    timestamp: version.publishedAt,
    verified: true,
    allVersions: all
      ? extension.versions.map((each) => ({
          url: placeOf(base, extension, each),
          version: each.version,
          engines: { vscode: each.listing.engine },
        }))
      : undefined,
    downloadCount: fetches(extension.counts),
    reviewCount: 0,
    displayName: listing.displayName,
    description: listing.description,
    deprecated: false,
  };
}
