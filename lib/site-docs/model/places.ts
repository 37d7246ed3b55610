/** A document of the repository and its address below /docs. */
export interface DocPlace {
  /** Relative to the root of the repository, with slashes. */
  file: string;
  /** The parts of its address; none for the first page. */
  slug: readonly string[];
}

/** What a link of a document leads to. `source`: a file of the repository that is no document, so nothing to open here. */
export type DocLink =
  | { to: 'page'; slug: readonly string[]; hash: string }
  | { to: 'picture'; path: string }
  | { to: 'outside'; href: string }
  | { to: 'here'; hash: string }
  | { to: 'source' };

/** Where the list of decisions is; it has no file. */
export const DECISIONS = 'docs/adr';

const PICTURE = /\.(?:png|svg|jpe?g|webp|gif)$/i;

/** The address of a document, by where its file is: README.md first, docs/api.md as api, a README by its folder. */
export function slugOf(file: string): string[] {
  const bare = file.replace(/\.md$/, '');
  if (bare === 'README') return [];
  return bare
    .replace(/^docs\//, '')
    .replace(/^lib\//, '')
    .replace(/\/README$/, '')
    .toLowerCase()
    .split('/');
}

/** Where a link of `from` leads, among the documents that there are. */
export function resolveLink(from: string, href: string, files: ReadonlySet<string>): DocLink {
  if (/^(?:https?:|mailto:)/.test(href)) return { to: 'outside', href };
  const [path = '', hash = ''] = href.split('#');
  if (path === '') return { to: 'here', hash };
  const file = joined(from, path);
  if (file === DECISIONS) return { to: 'page', slug: slugOf(`${DECISIONS}.md`), hash: '' };
  if (files.has(file)) return { to: 'page', slug: slugOf(file), hash };
  return PICTURE.test(file) && file.startsWith('docs/')
    ? { to: 'picture', path: file.slice('docs/'.length) }
    : { to: 'source' };
}

function joined(from: string, path: string): string {
  const parts = from.split('/').slice(0, -1);
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}

/** The id of a heading, as GitHub makes it, so that links from elsewhere fit. */
export function headingId(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');
}

/** The address of a page below /docs. */
export function docPath(slug: readonly string[]): string {
  return ['/docs', ...slug].join('/');
}
