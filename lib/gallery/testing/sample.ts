import type { GalleryExtension, GalleryVersion } from '../model/extension';
import { type Listing, sortKeyOf } from '../model/listing';

export function sampleListing(over: Partial<Listing> = {}): Listing {
  return {
    ...{ displayName: 'Demo', description: 'It greets.', categories: ['Other'], tags: ['hello'], engine: '^1.90.0' },
    ...{ size: 1_000, preview: false, license: null, dependencies: [], pack: [], kinds: [], proposals: [] },
    ...{ runsCode: true, web: false, readme: 'extension/readme.md', changelog: null, licenseFile: null, icon: null },
    ...over,
  };
}

export function sampleVersion(version: string, over: Partial<GalleryVersion> = {}): GalleryVersion {
  return {
    id: `gal_${version}_${over.platform ?? 'universal'}`,
    packageId: 'a'.repeat(64),
    version,
    platform: 'universal',
    prerelease: false,
    sortKey: sortKeyOf(version),
    listing: sampleListing(),
    publishedAt: '2026-11-01T10:00:00.000Z',
    ...over,
  };
}

export function sampleExtension(
  namespace: string,
  name: string,
  over: Partial<GalleryExtension> = {},
): GalleryExtension {
  return {
    extensionId: `00000000-0000-8000-8000-${Buffer.from(`${namespace}.${name}`).toString('hex').padEnd(12, '0').slice(0, 12)}`,
    namespace,
    name,
    latest: sampleVersion('1.0.0'),
    counts: { download: 0, install: 0, update: 0, uninstall: 0 },
    firstPublishedAt: '2026-10-01T10:00:00.000Z',
    ...over,
  };
}
