import { expect, test } from 'vitest';
import { ALLOWED_ADDRESSES, REFUSED_ADDRESSES } from '@/lib/testing/bad-inputs/addresses';
import { checkOutsideUrl, requireReachable } from './outside-url';
import { createSafeFetch } from './safe-fetch';

const flat = Object.entries(REFUSED_ADDRESSES).flatMap(([why, cases]) =>
  cases.map(([url, to]) => [why, url, to] as const),
);

test('the table has at least 120 cases', () =>
  expect(flat.length + ALLOWED_ADDRESSES.length).toBeGreaterThanOrEqual(120));

test.each(flat)('%s: nothing is sent to %s', async (_why, url, resolvesTo = ['1.1.1.1']) => {
  const resolve = async () => resolvesTo.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  const fetch = createSafeFetch({ resolve, timeoutMs: 1_000 });
  await expect(fetch(url)).rejects.toMatchObject({ kind: 'rejected', code: 'address_refused', ambiguous: false });
});

test.each(ALLOWED_ADDRESSES.map(([url, to = ['1.1.1.1']]) => [url, to] as const))(
  '%s may be asked',
  (url, resolvesTo) => {
    const target = checkOutsideUrl(url, { allowLoopback: false, privateOrigins: new Set() });
    expect(() => requireReachable(target, resolvesTo)).not.toThrow();
    expect(target.reach).toBe('public');
  },
);

test('an origin that the administrator named may be private, exactly that origin, and never this machine or its cloud', () => {
  const rules = { allowLoopback: false, privateOrigins: new Set(['https://ghe.corp:8080']) };
  const named = checkOutsideUrl('https://ghe.corp:8080/api/v3/user', rules);
  expect(() => requireReachable(named, ['10.1.2.3', 'fd12::4'])).not.toThrow();
  for (const address of ['127.0.0.1', '::1', '169.254.169.254', 'fd00:ec2::254', '100.100.100.200', '0.0.0.0']) {
    expect(() => requireReachable(named, [address]), address).toThrow();
  }
  for (const url of ['https://ghe.corp/', 'https://other.corp:8080/', 'http://ghe.corp:8080/']) {
    expect(() => checkOutsideUrl(url, rules), url).toThrow();
  }
});

test('a refusal repeats neither the path nor a password', async () => {
  const error = await createSafeFetch()('https://ada:hunter2@status.example/t0ken').catch((caught: unknown) => caught);
  expect(String(error)).not.toMatch(/hunter2|t0ken|ada/);
});
