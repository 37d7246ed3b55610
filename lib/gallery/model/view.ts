import type { Counts } from './extension';
import type { GalleryScope } from './scope';

/** Times are ISO 8601 in UTC. */
export interface GalleryTokenView {
  id: string;
  name: string;
  owner: { id: string; name: string };
  isYours: boolean;
  last4: string;
  scope: GalleryScope;
  createdAt: string;
  expiresAt: string;
  /** At most a minute old; null = never. */
  lastUsedAt: string | null;
  state: 'live' | 'expired' | 'revoked' | 'owner_disabled';
}

/** The only time that the token itself is seen. */
export interface NewGalleryToken {
  id: string;
  name: string;
  token: string;
  scope: GalleryScope;
  expiresAt: string;
}

export interface NamespaceView {
  name: string;
  /** `disabled`: cannot sign in, so neither publishes nor yanks. */
  owners: { id: string; name: string; disabled: boolean }[];
  /** Newest versions of each extension that are kept; null = all. */
  keep: number | null;
  extensions: number;
  /** Whether who asks may add and remove owners; in the console also set what is kept. */
  mayManage: boolean;
  createdAt: string;
}

/** Somebody who can be made an owner. */
export interface GalleryPerson {
  id: string;
  name: string;
  login: string;
}

export interface GalleryRow {
  namespace: string;
  name: string;
  displayName: string;
  description: string;
  categories: string[];
  version: string;
  prerelease: boolean;
  updatedAt: string;
  counts: Counts;
}

export interface GalleryListView {
  rows: GalleryRow[];
  total: number;
  page: number;
  pages: number;
  categories: string[];
}

export interface GalleryVersionRow {
  version: string;
  platform: string;
  prerelease: boolean;
  packageId: string;
  size: number;
  engine: string;
  publishedAt: string;
  publishedBy: string | null;
  counts: Counts;
  yanked: { at: string; by: string | null; reason: string } | null;
  retiredAt: string | null;
}

export interface GalleryExtensionView {
  namespace: string;
  name: string;
  displayName: string;
  description: string;
  categories: string[];
  tags: string[];
  license: string | null;
  /** Newest that can be installed; null = every version is yanked or gone. */
  version: string | null;
  counts: Counts;
  /** Markdown, as it stands in the package; null = none. */
  readme: string | null;
  owners: { id: string; name: string }[];
  versions: GalleryVersionRow[];
  /** Fetched, installed, updated and removed, by day in UTC; 30 days at most. */
  days: { day: string; counts: Counts }[];
  mayYank: boolean;
}
