/** Where a person without another wish goes. */
export const HOME = '/now';

const BASE = 'https://own.invalid';

/**
 * The path on our own site that `wish` asks for, or `fallback`. Never throws and never leaves the site: what a browser
 * would read as another origin (`//e`, `/\e`, tabs, `https:e`, user info) falls back. `ownOrigin` may stand in front.
 */
export function safePath(wish: unknown, ownOrigin: string | null = null, fallback: string = HOME): string {
  if (typeof wish !== 'string' || wish.length === 0 || wish.length > 2_000) return fallback;
  const text = ownOrigin !== null && wish.startsWith(`${ownOrigin}/`) ? wish.slice(ownOrigin.length) : wish;
  // Browsers drop tabs and line breaks inside a URL and read a backslash as a slash.
  if (!/^\/(?![/\\])/.test(text) || /[\\\p{Cc}]/u.test(text)) return fallback;
  if (/^\/(?:%2f|%5c|%09|%0a|%0d)/i.test(text) || !URL.canParse(text, BASE)) return fallback;
  const url = new URL(text, BASE);
  if (url.origin !== BASE || url.pathname.startsWith('//')) return fallback;
  // Back to a page for signed-out people, or to a route that is no page, would be a loop or a download.
  if (/^\/(?:api|sign-in|setup|join|_next)(?:\/|$)/.test(url.pathname)) return fallback;
  return `${url.pathname}${url.search}${url.hash}`;
}
