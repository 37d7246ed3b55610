import type { Listing } from './listing';
import type { CountKind } from './scope';

/** One published package of an extension. Times are ISO 8601 in UTC. */
export interface GalleryVersion {
  id: string;
  /** SHA-256 of the package. */
  packageId: string;
  version: string;
  platform: string;
  prerelease: boolean;
  sortKey: string;
  listing: Listing;
  publishedAt: string;
}

export type Counts = Record<CountKind, number>;
export const NO_COUNTS: Counts = { download: 0, install: 0, update: 0, uninstall: 0 };

/** An extension with something to install: what a search looks at. */
export interface GalleryExtension {
  /** UUID; an editor asks by it. */
  extensionId: string;
  namespace: string;
  name: string;
  /** The newest version, whatever its platform and channel. */
  latest: GalleryVersion;
  counts: Counts;
  firstPublishedAt: string;
}

/** `publisher.name`, as editors write it. */
export const idOf = ({ namespace, name }: Pick<GalleryExtension, 'namespace' | 'name'>): string =>
  `${namespace}.${name}`;

/** Newest first; of one version, platforms by name. */
export function newestFirst(a: GalleryVersion, b: GalleryVersion): number {
  if (a.sortKey !== b.sortKey) return a.sortKey < b.sortKey ? 1 : -1;
  return a.platform < b.platform ? -1 : a.platform > b.platform ? 1 : 0;
}

/** What somebody fetched on purpose: an update comes by itself. */
export const fetches = ({ download, install }: Counts): number => download + install;
