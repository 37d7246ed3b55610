import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runs } from '@/lib/testing/bad-inputs/catalog';
import { checkOutsideUrl } from './outside-url';
import { isOwnNetworkAddress, isPublicAddress } from './public-address';

// The oracle knows nothing of subnets: first and last address as numbers, as the registries list them.
const v4 = (text: string) => text.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n);
const V4_CLOSED: readonly (readonly [bigint, bigint])[] = (
  [
    ['0.0.0.0', '0.255.255.255'],
    ['10.0.0.0', '10.255.255.255'],
    ['100.64.0.0', '100.127.255.255'],
    ['127.0.0.0', '127.255.255.255'],
    ['168.63.129.16', '168.63.129.16'],
    ['169.254.0.0', '169.254.255.255'],
    ['172.16.0.0', '172.31.255.255'],
    ['192.0.0.0', '192.0.0.255'],
    ['192.0.2.0', '192.0.2.255'],
    ['192.31.196.0', '192.31.196.255'],
    ['192.52.193.0', '192.52.193.255'],
    ['192.88.99.0', '192.88.99.255'],
    ['192.168.0.0', '192.168.255.255'],
    ['192.175.48.0', '192.175.48.255'],
    ['198.18.0.0', '198.19.255.255'],
    ['198.51.100.0', '198.51.100.255'],
    ['203.0.113.0', '203.0.113.255'],
    ['224.0.0.0', '255.255.255.255'],
  ] as const
).map(([first, last]) => [v4(first), v4(last)]);

const V6_OPEN: readonly [bigint, bigint] = [0x2000n << 112n, (0x4000n << 112n) - 1n];
const V6_CLOSED: readonly (readonly [bigint, bigint])[] = [
  [0x2001n << 112n, (0x2001n << 112n) + (0x200n << 96n) - 1n],
  [0x20010db8n << 96n, (0x20010db9n << 96n) - 1n],
  [0x2002n << 112n, (0x2003n << 112n) - 1n],
  [0x2620004f8000n << 80n, (0x2620004f8001n << 80n) - 1n],
  [0x3fffn << 112n, (0x3fffn << 112n) + (0x1000n << 96n) - 1n],
];
const within = (value: bigint, [first, last]: readonly [bigint, bigint]) => value >= first && value <= last;
const expectedV4 = (value: bigint) => !V4_CLOSED.some((range) => within(value, range));
const expectedV6 = (value: bigint) => within(value, V6_OPEN) && !V6_CLOSED.some((range) => within(value, range));

const v4Text = (value: bigint) => [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.');
const v6Text = (value: bigint) =>
  Array.from({ length: 8 }, (_, i) => ((value >> BigInt(112 - 16 * i)) & 0xffffn).toString(16)).join(':');

/** Anywhere, and at the edges of the ranges, where mistakes are made. */
const near = (ranges: readonly (readonly [bigint, bigint])[], max: bigint) =>
  fc.oneof(
    fc.bigInt({ min: 0n, max }),
    fc
      .tuple(fc.constantFrom(...ranges.flat()), fc.bigInt({ min: -2n, max: 2n }))
      .map(([edge, by]) => (edge + by < 0n ? 0n : edge + by > max ? max : edge + by)),
    fc.constantFrom(...ranges).chain(([first, last]) => fc.bigInt({ min: first, max: last })),
  );
const anyV4 = near(V4_CLOSED, 2n ** 32n - 1n);
const anyV6 = near([...V6_CLOSED, V6_OPEN, [0xffff00000000n, 0xffffffffffffn]], 2n ** 128n - 1n);

const spellings = (value: bigint) => {
  const parts = v4Text(value).split('.').map(Number) as [number, number, number, number];
  const hex = parts.map((part) => `0x${part.toString(16)}`).join('.');
  const octal = parts.map((part) => `0${part.toString(8)}`).join('.');
  const short = `${parts[0]}.${parts[1]}.${parts[2] * 256 + parts[3]}`;
  const wide = v4Text(value).replace(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit)));
  return [v4Text(value), String(value), `0x${value.toString(16)}`, hex, octal, short, wide, `${v4Text(value)}.`];
};
const accepted = (url: string) => {
  try {
    return checkOutsideUrl(url, { allowLoopback: false, privateOrigins: new Set() }).reach === 'public';
  } catch {
    return false;
  }
};

test('generated addresses are judged as the ranges of the registries say', () => {
  fc.assert(
    fc.property(anyV4, anyV6, (four, six) => {
      expect(isPublicAddress(v4Text(four)), v4Text(four)).toBe(expectedV4(four));
      expect(isPublicAddress(v6Text(six)), v6Text(six)).toBe(expectedV6(six));
      expect(isPublicAddress(`::ffff:${v4Text(four)}`)).toBe(false);
      expect(isOwnNetworkAddress(v4Text(four)) && expectedV4(four)).toBe(false);
    }),
    { numRuns: runs('D8') / 4 },
  );
});

test('generated addresses, however they are spelled, get no further than the plain one', () => {
  fc.assert(
    fc.property(anyV4, fc.nat(7), (value, spelling) => {
      const url = `https://${spellings(value)[spelling]}/`;
      expect(accepted(url), url).toBe(expectedV4(value));
    }),
    { numRuns: runs('D8') / 4 },
  );
  fc.assert(
    fc.property(anyV6, (value) => {
      expect(accepted(`https://[${v6Text(value)}]/`), v6Text(value)).toBe(expectedV6(value));
    }),
    { numRuns: runs('D8') / 4 },
  );
});

test('junk is never public', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      fc.pre(!/^[\d.]+$|^[\da-f:]+$/i.test(text));
      expect(isPublicAddress(text)).toBe(false);
    }),
  );
});
