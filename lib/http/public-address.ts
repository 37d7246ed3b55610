import { BlockList, isIP } from 'node:net';

/**
 * Special-purpose IPv4: https://www.iana.org/assignments/iana-ipv4-special-registry, and what sits in the public range
 * but belongs to a cloud's own plane.
 */
const SPECIAL_V4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['168.63.129.16', 32],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];

/**
 * Inside 2000::/3, what is not plainly public; outside of it nothing is, so mapped (::ffff:0:0/96), NAT64 (64:ff9b::/96),
 * unique local and link-local addresses need no line here.
 * Source: https://www.iana.org/assignments/iana-ipv6-special-registry
 */
const SPECIAL_V6: readonly (readonly [string, number])[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['2620:4f:8000::', 48],
  ['3fff::', 20],
];

/** What an administrator may open for a self-hosted provider; never loopback, link-local or a metadata address. */
const PRIVATE: readonly (readonly [string, number, 'ipv4' | 'ipv6'])[] = [
  ['10.0.0.0', 8, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['fd00::', 8, 'ipv6'],
];
const METADATA: readonly (readonly [string, 'ipv4' | 'ipv6'])[] = [
  ['100.100.100.200', 'ipv4'],
  ['fd00:ec2::254', 'ipv6'],
  ['fd20:ce::254', 'ipv6'],
];

const special = new BlockList();
for (const [net, bits] of SPECIAL_V4) special.addSubnet(net, bits, 'ipv4');
for (const [net, bits] of SPECIAL_V6) special.addSubnet(net, bits, 'ipv6');
const globalUnicast = new BlockList();
globalUnicast.addSubnet('2000::', 3, 'ipv6');
const ownNetworks = new BlockList();
for (const [net, bits, family] of PRIVATE) ownNetworks.addSubnet(net, bits, family);
const metadata = new BlockList();
for (const [address, family] of METADATA) metadata.addAddress(address, family);

/** True for an address that anybody on the internet could reach; false for special ranges, scoped ones and junk. */
export function isPublicAddress(address: string): boolean {
  if (address.includes('%')) return false;
  const family = isIP(address);
  if (family === 4) return !special.check(address, 'ipv4');
  return family === 6 && globalUnicast.check(address, 'ipv6') && !special.check(address, 'ipv6');
}

/** True for an address of a private network (RFC 1918, RFC 6598, RFC 4193) that is no cloud's metadata service. */
export function isOwnNetworkAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 0 || address.includes('%') || /^::ffff:/i.test(address)) return false;
  const kind = family === 4 ? 'ipv4' : 'ipv6';
  return ownNetworks.check(address, kind) && !metadata.check(address, kind);
}

/** 127.0.0.0/8 and ::1. */
export function isLoopbackAddress(address: string): boolean {
  return address === '::1' || (isIP(address) === 4 && address.startsWith('127.'));
}
