import { isIP } from 'node:net';

/**
 * The caller's address: from the right of `X-Forwarded-For`, as many steps as there are trusted proxies (Next itself
 * adds the socket's address when there is none). What stands further left was written by the caller.
 */
export function clientIp(headers: { get(name: string): string | null }, trustedHops: number): string | null {
  const chain = (headers.get('x-forwarded-for') ?? '').slice(-2_000).split(',');
  const raw = chain.at(-Math.max(1, trustedHops))?.trim() ?? '';
  const bare = raw.replace(/^\[(.*)\](?::\d+)?$/, '$1').replace(/^::ffff:(?=\d+\.)/i, '');
  return isIP(bare) ? bare : null;
}
