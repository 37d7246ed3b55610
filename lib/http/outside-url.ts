import { isIP } from 'node:net';
import { ProviderError } from '@/lib/providers/port';
import { isLoopbackAddress, isOwnNetworkAddress, isPublicAddress } from './public-address';

export interface OutsideRules {
  /** Plain http, and this machine at all: for development and the sandbox only. */
  allowLoopback: boolean;
  /** Exact origins, named by whoever runs the server, that may live on a private network. */
  privateOrigins: ReadonlySet<string>;
}

export interface OutsideUrl {
  url: URL;
  /** Without brackets and without a closing dot. */
  host: string;
  /** Which addresses the host may resolve to. */
  reach: 'public' | 'private' | 'loopback';
}

const LOOPBACK_NAMES = new Set(['localhost', '127.0.0.1', '[::1]']);
/** Names that only mean something inside a machine, a network or a cloud. */
const INSIDE =
  /(?:^|\.)(?:localhost|local|localdomain|internal|intranet|lan|home|corp|private|home\.arpa|test|invalid|onion)$/;
const HOST_NAME = /^(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$/;

/** Services that no webhook, probe or API lives on, at ports that an address could otherwise name. */
const CLOSED_PORTS = new Set([
  1433, 1521, 2049, 2181, 2375, 2376, 2379, 2380, 3306, 3389, 4369, 5432, 5672, 5900, 5984, 6000, 6379, 6380, 6665,
  6666, 6667, 6668, 6669, 6697, 7001, 8500, 9042, 9092, 9200, 9300, 10250, 10255, 11211, 26379, 27017,
]);

function refuse(code: string, sentence: string): never {
  throw new ProviderError('rejected', code, sentence);
}

/**
 * Checks an address as written: scheme, user name, port, host. What the host resolves to is checked when connecting.
 * Throws `ProviderError` `address_refused`; its sentence never repeats more than the host.
 */
export function checkOutsideUrl(text: string, rules: OutsideRules): OutsideUrl {
  // URL parsing drops tabs and line breaks and turns a backslash into a slash; what a person sees would not be what is asked.
  if (text.length > 2_000 || /[\p{Cc}\s\\]/u.test(text) || !URL.canParse(text)) {
    refuse('address_refused', 'This is not a whole address such as https://status.example.com/version.');
  }
  const url = new URL(text);
  const loopback = rules.allowLoopback && LOOPBACK_NAMES.has(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback)) {
    refuse('address_refused', 'The address must begin with https://');
  }
  if (url.username !== '' || url.password !== '' || /^[a-z]+:\/\/[^/?#]*@/i.test(text)) {
    refuse('address_refused', 'Leave the user name and password out of the address.');
  }
  if (text.includes('#')) refuse('address_refused', 'Leave out everything from “#” on.');
  if (loopback) return { url, host: bare(url.hostname), reach: 'loopback' };
  const host = bare(url.hostname).replace(/\.$/, '');
  if (rules.privateOrigins.has(url.origin)) return { url, host, reach: 'private' };
  requirePort(url);
  requireHost(host);
  return { url, host, reach: 'public' };
}

/** The addresses among these that may be connected to: all of them, or it is refused. Throws `ProviderError`. */
export function requireReachable(target: Pick<OutsideUrl, 'host' | 'reach'>, addresses: readonly string[]): void {
  const allowed = {
    public: isPublicAddress,
    private: (address: string) => isPublicAddress(address) || isOwnNetworkAddress(address),
    loopback: isLoopbackAddress,
  }[target.reach];
  if (addresses.length === 0 || !addresses.every(allowed)) {
    refuse(
      'address_refused',
      `${target.host} leads to an address that is not on the public internet, so nothing was sent. An administrator can allow it with AETHERSTACK_PRIVATE_ORIGINS.`,
    );
  }
}

function requirePort(url: URL): void {
  const port = url.port === '' ? 443 : Number(url.port);
  if (port === 443 || port === 80 || (port >= 1024 && !CLOSED_PORTS.has(port))) return;
  refuse('address_refused', `Port ${port} is not used for web addresses. Use 443 or one from 1024 on.`);
}

function requireHost(host: string): void {
  if (isIP(host) !== 0) {
    requireReachable({ host, reach: 'public' }, [host]);
    return;
  }
  if (!HOST_NAME.test(host) || INSIDE.test(host)) {
    refuse('address_refused', 'Use a host name that is known on the public internet.');
  }
}

function bare(hostname: string): string {
  return hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
}
