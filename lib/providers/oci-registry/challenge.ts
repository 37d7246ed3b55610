/** How a registry wants to be asked, from `WWW-Authenticate`. */
export type Challenge = { scheme: 'basic' } | { scheme: 'bearer'; realm: string; service: string | null };

const MAX_LENGTH = 4_000;
const PARAMETER = /([a-z_]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",]+))/gi;

/** Null when nothing is said that can be followed. RFC 9110 §11.6.1; a bearer challenge goes before a basic one. */
export function readChallenge(header: string | null): Challenge | null {
  if (!header || header.length > MAX_LENGTH) return null;
  const bearer = /(?:^|,)\s*bearer\s+/i.exec(header);
  if (bearer) {
    const found = new Map<string, string>();
    for (const [, name = '', quoted, plain] of header.slice(bearer.index + bearer[0].length).matchAll(PARAMETER)) {
      const value = quoted === undefined ? (plain ?? '') : quoted.replace(/\\(.)/g, '$1');
      if (!found.has(name.toLowerCase())) found.set(name.toLowerCase(), value);
    }
    const realm = found.get('realm');
    if (realm && URL.canParse(realm)) return { scheme: 'bearer', realm, service: found.get('service') ?? null };
  }
  return /(?:^|,)\s*basic(?:\s|$)/i.test(header) ? { scheme: 'basic' } : null;
}
