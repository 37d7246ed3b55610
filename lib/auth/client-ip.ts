import { isIP } from 'node:net';

/**
 * The caller's address: from the right of `X-Forwarded-For`, as many steps as there are trusted proxies (Next itself
 * adds the socket's address when there is none). What stands further left was written by the caller.
 */
export function clientIp(headers: { get(name: string): string | null }, trustedHops: number): string | null {
  const chain = (headers.get('x-forwarded-for') ?? '').slice(-2_000).split(',');
  const raw = chain.at(-Math.max(1, trustedHops))?.trim() ?? '';
  const bare = raw
    .replace(/^\[(.*)\](?::\d+)?$/, '$1')
    .replace(/^::ffff:(?=\d+\.)/i, '')
    .replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1');
  return isIP(bare) ? bare : null;
}

/** Whose address it is, for counting: an IPv6 customer has a whole /64 to change addresses in. Null stays one for all. */
export function networkOf(ip: string | null): string {
  if (ip === null) return 'unknown';
  const [address = ''] = ip.split('%');
  if (isIP(address) !== 6) return ip;
  // The URL parser writes it in the one short form (RFC 5952).
  const [head = '', tail] = new URL(`http://[${address}]/`).hostname.slice(1, -1).split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail ? tail.split(':') : [];
  const middle = tail === undefined ? 0 : 8 - left.length - right.length;
  const groups = [...left, ...Array<string>(middle).fill('0'), ...right];
  return `${groups.slice(0, 4).join(':')}::/64`;
}
