/**
 * Numbers of the gallery protocol of VS Code.
 * https://github.com/microsoft/vscode/blob/main/src/vs/platform/extensionManagement/common/extensionGalleryManifestService.ts
 */
export const FILTER = {
  tag: 1,
  extensionId: 4,
  category: 5,
  extensionName: 7,
  target: 8,
  featured: 9,
  searchText: 10,
  excludeWithFlags: 12,
} as const;

export const FLAG = {
  versions: 0x1,
  files: 0x2,
  categoryAndTags: 0x4,
  versionProperties: 0x10,
  assetUri: 0x80,
  statistics: 0x100,
  latestVersionOnly: 0x200,
  latestPrereleaseAndStable: 0x10000,
} as const;

export const SORT = {
  relevance: 0,
  lastUpdated: 1,
  title: 2,
  publisher: 3,
  installs: 4,
  published: 10,
} as const;

/** 0 is the order that one expects of the key: words from A, dates and counts from the top. */
export const ORDER = { usual: 0, ascending: 1, descending: 2 } as const;

/** What VS Code is called as an installation target. */
export const CODE = 'Microsoft.VisualStudio.Code';

export const LIMITS = {
  /** Bytes of a query. */
  body: 262_144,
  criteria: 1_500,
  /** Characters of one criterion. */
  value: 400,
  /** Extensions of one answer. An editor asks for all that it has installed at once. */
  page: 1_000,
  usualPage: 50,
  /** Entries of one answer of the Open VSX API; each says a lot. */
  openVsxPage: 100,
  /** Versions of one extension in an answer; the newest of them. */
  versions: 200,
} as const;
