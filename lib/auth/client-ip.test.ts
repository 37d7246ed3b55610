import { describe, expect, test } from 'vitest';
import { clientIp, networkOf } from './client-ip';

const from = (value: string, hops = 1) => clientIp(new Headers({ 'x-forwarded-for': value }), hops);

describe("the caller's address", () => {
  test.each([
    ['203.0.113.9', '203.0.113.9'],
    ['203.0.113.9:5678', '203.0.113.9'],
    ['[2001:db8::9]:5678', '2001:db8::9'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['[::ffff:203.0.113.9]:80', '203.0.113.9'],
    ['2001:db8::5678', '2001:db8::5678'],
    ['not-an-address:80', null],
    ['', null],
  ])('%s is %s', (value, ip) => {
    expect(from(value)).toBe(ip);
  });

  test('is what the trusted proxy saw, never what the caller wrote further left', () => {
    expect(from('198.51.100.1, 203.0.113.9')).toBe('203.0.113.9');
    expect(from('198.51.100.1, 203.0.113.9:44, 10.0.0.1', 2)).toBe('203.0.113.9');
  });
});

test.each([
  ['203.0.113.9', '203.0.113.9'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8:1:2::6', '2001:db8:1:2::/64'],
  ['2001:0db8:0001:0002:ffff::', '2001:db8:1:2::/64'],
  ['2001:db8::6', '2001:db8:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  [null, 'unknown'],
])('%s is counted as %s', (ip, network) => {
  expect(networkOf(ip)).toBe(network);
});
