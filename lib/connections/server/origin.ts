import { ServiceError } from '@/lib/kernel/errors';

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

function refuse(sentence: string): never {
  throw new ServiceError('invalid', 'origin_refused', sentence, { origin: sentence });
}

/**
 * The exact address that a credential is bound to: scheme, host, port and path prefix, without a trailing slash.
 * https only; plain http reaches loopback, and only where simulators run. `privateOrigins` are those that whoever runs
 * the server has allowed on a private network.
 */
export function normaliseOrigin(
  text: string,
  allowLoopbackHttp: boolean,
  privateOrigins: readonly string[] = [],
): string {
  if (!URL.canParse(text)) refuse('Write a whole address, such as https://api.example.com');
  const url = new URL(text);
  if (url.username || url.password) refuse('Leave the user name and password out of the address.');
  if (url.search || url.hash) refuse('Leave out everything from “?” or “#” on.');
  const loopback = LOOPBACK.has(url.hostname);
  if (url.protocol === 'http:' && !(loopback && allowLoopbackHttp)) refuse('The address must begin with https://');
  if (url.protocol !== 'http:' && url.protocol !== 'https:') refuse('The address must begin with https://');
  if (!loopback && !privateOrigins.includes(url.origin) && !isPublicName(url.hostname))
    refuse('Use the host name of the provider, not a number or a name inside this machine.');
  if (loopback && !allowLoopbackHttp) refuse('This machine itself cannot be a provider.');
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

/** A name with a dot that is not an address; URL parsing has already turned every spelling of an IPv4 into digits. */
function isPublicName(host: string): boolean {
  if (host.startsWith('[') || /^[\d.]+$/.test(host)) return false;
  return (
    /^(?:[a-z0-9-]{1,63}\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/.test(host) &&
    !/\.(?:local|localhost|internal|home\.arpa)$/.test(host)
  );
}
