/** Where signed heads are written down outside the database. */
export type AnchorPlace = { kind: 'file'; path: string } | { kind: 'stdout' } | { kind: 'https'; url: string };

const ABSOLUTE = /^(?:\/|[A-Za-z]:[\\/])/;

/** `file:/abs/path`, `stdout` or `https://…`; null when it is none of them. */
export function parseAnchor(text: string): AnchorPlace | null {
  if (text === 'stdout') return { kind: 'stdout' };
  if (text.startsWith('file:')) {
    const path = text.slice('file:'.length);
    return ABSOLUTE.test(path) ? { kind: 'file', path } : null;
  }
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  return url.protocol === 'https:' && !url.username && !url.password ? { kind: 'https', url: url.href } : null;
}

/** For people; no path of the server and nothing of an address but its host. */
export function anchorName(place: AnchorPlace): string {
  if (place.kind === 'file') return 'a file';
  return place.kind === 'stdout' ? 'the process output' : new URL(place.url).host;
}
