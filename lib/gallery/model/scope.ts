/** What a gallery token may: look and fetch, or publish as well. */
export const GALLERY_SCOPES = ['read', 'publish'] as const;
export type GalleryScope = (typeof GALLERY_SCOPES)[number];

/** How a fetched package is counted: an editor says whether it installs, updates or has removed it. */
export const COUNT_KINDS = ['download', 'install', 'update', 'uninstall'] as const;
export type CountKind = (typeof COUNT_KINDS)[number];

/** Where owners are added, as sentences name it. */
export const TOKENS_PAGE = 'Gallery → Tokens and namespaces';
