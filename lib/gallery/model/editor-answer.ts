import { assetTypes } from './asset';
import { type GalleryExtension, type GalleryVersion, newestFirst } from './extension';
import { FLAG } from './protocol';
import { tagsOf } from './search';
import { versionsFor } from './versions';

/** An extension with all of its versions that can be installed. */
export interface Whole extends GalleryExtension {
  versions: readonly GalleryVersion[];
}

const part = encodeURIComponent;

/** Where the files of a version are; `base` is the gallery's own address, with the token of the caller in it if it was there. */
export function assetBase(base: string, { namespace, name }: GalleryExtension, version: string): string {
  return `${base}/publisher/${part(namespace)}/extension/${part(name)}/${part(version)}/assetbyname`;
}

function properties({ listing, prerelease }: GalleryVersion): { key: string; value: string }[] {
  const code = 'Microsoft.VisualStudio.Code';
  const all: [string, string][] = [
    [`${code}.Engine`, listing.engine],
    [`${code}.ExtensionDependencies`, listing.dependencies.join(',')],
    [`${code}.ExtensionPack`, listing.pack.join(',')],
    [`${code}.ExtensionKind`, listing.kinds.join(',')],
    [`${code}.EnabledApiProposals`, listing.proposals.join(',')],
    [`${code}.ExecutesCode`, String(listing.runsCode)],
    [`${code}.WebExtension`, listing.web ? 'true' : ''],
    [`${code}.PreRelease`, prerelease ? 'true' : ''],
    // An editor takes an unsigned package from a gallery that says of itself that it is private: docs/gallery.md.
    ['PrivateMarketplace', 'true'],
  ];
  return all.filter(([, value]) => value !== '').map(([key, value]) => ({ key, value }));
}

function versionAnswer(base: string, extension: GalleryExtension, version: GalleryVersion, flags: number) {
  const at = assetBase(base, extension, version.version);
  const { platform } = version;
  return {
    version: version.version,
    targetPlatform: platform === 'universal' ? undefined : platform,
    lastUpdated: version.publishedAt,
    flags: 'validated',
    assetUri: flags & FLAG.assetUri ? at : undefined,
    fallbackAssetUri: flags & FLAG.assetUri ? at : undefined,
    files:
      flags & FLAG.files
        ? assetTypes(version.listing).map((assetType) => ({
            assetType,
            source: `${at}/${assetType}${platform === 'universal' ? '' : `?targetPlatform=${platform}`}`,
          }))
        : [],
    properties: flags & FLAG.versionProperties ? properties(version) : [],
  };
}

/** One extension as an editor reads it. */
export function extensionAnswer(base: string, extension: Whole, flags: number) {
  const { latest, counts, namespace } = extension;
  const versions = versionsFor(flags, extension.versions);
  const tagged = (flags & FLAG.categoryAndTags) !== 0;
  return {
    extensionId: extension.extensionId,
    extensionName: extension.name,
    displayName: latest.listing.displayName,
    shortDescription: latest.listing.description,
    publisher: { publisherId: namespace, publisherName: namespace, displayName: namespace, flags: 'verified' },
    flags: latest.listing.preview ? 'validated, public, preview' : 'validated, public',
    lastUpdated: [...extension.versions].sort(newestFirst)[0]?.publishedAt ?? latest.publishedAt,
    publishedDate: extension.firstPublishedAt,
    releaseDate: extension.firstPublishedAt,
    versions: versions.map((version) => versionAnswer(base, extension, version, flags)),
    categories: tagged ? latest.listing.categories : [],
    tags: tagged ? tagsOf(extension) : [],
    statistics:
      flags & FLAG.statistics
        ? [
            { statisticName: 'install', value: counts.install },
            { statisticName: 'updateCount', value: counts.update },
            { statisticName: 'downloadCount', value: counts.download },
          ]
        : [],
    deploymentType: 0,
  };
}

/** Answer of `extensionquery`. `total` counts all pages. */
export function queryAnswer(base: string, extensions: readonly Whole[], total: number, flags: number) {
  const counted = { metadataType: 'ResultCount', metadataItems: [{ name: 'TotalCount', count: total }] };
  const answers = extensions.map((extension) => extensionAnswer(base, extension, flags));
  return { results: [{ extensions: answers, pagingToken: null, resultMetadata: [counted] }] };
}
