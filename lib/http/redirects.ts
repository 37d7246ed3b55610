import { ProviderError } from '@/lib/providers/port';

/** So many redirects of one request are followed; the next one is the answer. */
export const MAX_HOPS = 2;

interface Home {
  /** The only origin that ever sees the credential. */
  origin: string;
  downloadHosts?: readonly string[] | undefined;
}

export function isRedirect(answer: Response): boolean {
  return [301, 302, 303, 307, 308].includes(answer.status) && saysWhere(answer);
}

/** Nothing was done here, and the same request is wanted there: RFC 9110 §15.4.8 and §15.4.9. */
export function isSentOn(answer: Response): boolean {
  return [307, 308].includes(answer.status) && saysWhere(answer);
}

function saysWhere({ headers }: Response): boolean {
  const location = headers.get('location');
  return location !== null && URL.canParse(location, 'https://relative.invalid');
}

/** The credential travels to the connection's own origin only; a download host gets a bare GET. */
export function nextRead(home: Home, from: Request, target: URL): Request {
  if (isAtHome(home, from, target)) return new Request(target, { headers: from.headers, redirect: 'manual' });
  const { origin } = new URL(home.origin);
  const listed = (home.downloadHosts ?? []).some((pattern) => hostMatches(pattern, target.hostname));
  if (!listed || (target.protocol !== 'https:' && target.origin !== origin) || target.username !== '') {
    throw foreignOrigin(target);
  }
  const range = from.headers.get('range');
  return new Request(target, { headers: range ? { range } : {}, redirect: 'manual' });
}

/**
 * The same write at another address of the connection's own origin. `body`: as it was given to `fetch`. Throws
 * `origin_refused`, or `body_spent` for a body that can be read only once; neither is ambiguous, since nothing was taken.
 */
export function nextWrite(home: Home, from: Request, target: URL, body: unknown): Request {
  if (!isAtHome(home, from, target)) throw foreignOrigin(target);
  const { method, headers } = from;
  if (from.body === null) return new Request(target, { method, headers, redirect: 'manual', cache: 'no-store' });
  if (!isRepeatable(body)) {
    const sentence = `${target.host} has moved what this was sent to, and it cannot be sent a second time by itself. Write the new name into the settings, then try again.`;
    throw new ProviderError('rejected', 'body_spent', sentence);
  }
  return new Request(target, { method, headers, body, redirect: 'manual', cache: 'no-store' });
}

/** A stream is read once, and a form would get another boundary than its header says. */
function isRepeatable(body: unknown): body is string | ArrayBuffer | Blob | URLSearchParams | Uint8Array<ArrayBuffer> {
  const isBytes = body instanceof ArrayBuffer || ArrayBuffer.isView(body);
  return typeof body === 'string' || isBytes || body instanceof Blob || body instanceof URLSearchParams;
}

function isAtHome(home: Home, from: Request, target: URL): boolean {
  const { origin } = new URL(home.origin);
  return target.origin === origin && target.username === '' && new URL(from.url).origin === origin;
}

function hostMatches(pattern: string, host: string): boolean {
  if (pattern === '*') return true;
  return pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) : host === pattern;
}

export function foreignOrigin(url: URL): ProviderError {
  const sentence = `A request to ${url.host} was stopped: this connection's credential is for another address.`;
  return new ProviderError('rejected', 'origin_refused', sentence);
}
