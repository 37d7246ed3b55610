import { expect, test } from 'vitest';
import { checkOutsideUrl, requireReachable } from './outside-url';
import { createSafeFetch } from './safe-fetch';

// Hand-written bad (and a few good) addresses. The name resolves to what stands beside it, and to 1.1.1.1 otherwise.
type Case = readonly [url: string, resolvesTo?: readonly string[]];

const REFUSED: Record<string, readonly Case[]> = {
  'loopback, in every spelling': [
    ['https://127.0.0.1/'],
    ['https://127.1/'],
    ['https://127.0.1/'],
    ['https://2130706433/'],
    ['https://017700000001/'],
    ['https://0x7f000001/'],
    ['https://0x7f.0.0.1/'],
    ['https://0177.0.0.1/'],
    ['https://127.0.0.1./'],
    ['https://127.255.255.254/'],
    ['https://%31%32%37.0.0.1/'],
    ['https://①②⑦.⓪.⓪.①/'],
    ['https://１２７.0.0.1/'],
    ['https://127。0。0。1/'],
    ['https://[::1]/'],
    ['https://[0:0:0:0:0:0:0:1]/'],
    ['https://[::]/'],
    ['https://0/'],
    ['https://0.0.0.0/'],
    ['https://0.1.2.3/'],
    ['https://localhost/'],
    ['https://LOCALHOST/'],
    ['https://localhost./'],
    ['https://api.localhost/'],
    ['https://localhost.localdomain/'],
  ],
  'private and special networks': [
    ['https://10.0.0.1/'],
    ['https://10.255.255.255/'],
    ['https://172.16.0.1/'],
    ['https://172.31.255.255/'],
    ['https://192.168.1.1/'],
    ['https://3232235777/'],
    ['https://100.64.0.1/'],
    ['https://100.127.255.255/'],
    ['https://169.254.0.1/'],
    ['https://192.0.0.1/'],
    ['https://192.0.2.7/'],
    ['https://192.88.99.1/'],
    ['https://198.18.0.1/'],
    ['https://198.19.255.255/'],
    ['https://198.51.100.9/'],
    ['https://203.0.113.9/'],
    ['https://224.0.0.1/'],
    ['https://239.255.255.255/'],
    ['https://240.0.0.1/'],
    ['https://255.255.255.255/'],
    ['https://[fc00::1]/'],
    ['https://[fd12:3456::1]/'],
    ['https://[fe80::1]/'],
    ['https://[fec0::1]/'],
    ['https://[ff02::1]/'],
    ['https://[100::1]/'],
    ['https://[2001:db8::1]/'],
    ['https://[3fff::1]/'],
    ['https://[5f00::1]/'],
  ],
  'IPv4 inside IPv6': [
    ['https://[::ffff:127.0.0.1]/'],
    ['https://[::ffff:7f00:1]/'],
    ['https://[::ffff:10.0.0.1]/'],
    ['https://[::ffff:8.8.8.8]/'],
    ['https://[::127.0.0.1]/'],
    ['https://[::ffff:0:127.0.0.1]/'],
    ['https://[64:ff9b::7f00:1]/'],
    ['https://[64:ff9b:1::a00:1]/'],
    ['https://[2002:7f00:1::]/'],
    ['https://[2002:a00:1::1]/'],
    ['https://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/'],
    ['https://[2001:20::1]/'],
  ],
  'metadata services': [
    ['https://169.254.169.254/latest/meta-data/'],
    ['https://[::ffff:169.254.169.254]/'],
    ['https://[fd00:ec2::254]/'],
    ['https://[fd20:ce::254]/'],
    ['https://169.254.170.2/v2/credentials'],
    ['https://168.63.129.16/'],
    ['https://100.100.100.200/'],
    ['https://192.0.0.192/'],
    ['https://metadata.google.internal/computeMetadata/v1/'],
    ['https://metadata.internal/'],
    ['https://2852039166/'],
  ],
  'names that only mean something inside': [
    ['https://intranet/'],
    ['https://db.internal/'],
    ['https://printer.local/'],
    ['https://nas.lan/'],
    ['https://ldap.corp/'],
    ['https://router.home.arpa/'],
    ['https://site.onion/'],
    ['https://app.test/'],
    ['https://host_name/'],
    ['https://-bad-.example/'],
  ],
  'what a name resolves to': [
    ['https://rebind.example/', ['127.0.0.1']],
    ['https://rebind.example/', ['1.1.1.1', '10.0.0.5']],
    ['https://rebind.example/', ['10.0.0.5', '1.1.1.1']],
    ['https://six.example/', ['fd00::7']],
    ['https://six.example/', ['::1']],
    ['https://mapped.example/', ['::ffff:10.0.0.1']],
    ['https://meta.example/', ['169.254.169.254']],
    ['https://scoped.example/', ['fe80::1%eth0']],
    ['https://nothing.example/', []],
    ['https://trailing.example./', ['192.168.0.9']],
    ['https://cname.example/', ['172.20.1.1']],
  ],
  'other schemes': [
    ['http://status.example/'],
    ['http://127.0.0.1/'],
    ['file:///etc/passwd'],
    ['gopher://status.example/1'],
    ['ftp://status.example/'],
    ['data:text/plain,hello'],
    ['blob:https://status.example/1'],
    ['javascript:alert(1)'],
    ['ws://status.example/'],
    ['//status.example/'],
    ['status.example/version'],
  ],
  'what people do not see': [
    ['https://user:secret@status.example/'],
    ['https://user@status.example/'],
    ['https://@status.example/'],
    ['https://status.example#@127.0.0.1/'],
    ['https://status.example\\@127.0.0.1/'],
    ['https:\\\\127.0.0.1/'],
    ['https://status.ex\tample/'],
    ['https://status.example/\nX: y'],
    [' https://status.example/'],
    ['https://status.example/ok\u0000'],
    [`https://status.example/${'a'.repeat(2_000)}`],
  ],
  ports: [
    ['https://status.example:22/'],
    ['https://status.example:25/'],
    ['https://status.example:0/'],
    ['https://status.example:6379/'],
    ['https://status.example:5432/'],
    ['https://status.example:2375/'],
    ['https://status.example:11211/'],
    ['https://status.example:1023/'],
    ['https://status.example:65536/'],
  ],
};

const ALLOWED: readonly Case[] = [
  ['https://status.example/version?x=1'],
  ['https://STATUS.Example:443/'],
  ['https://status.example:8443/'],
  ['https://status.example./', ['93.184.215.14']],
  ['https://bücher.example/'],
  ['https://six.example/', ['2606:4700::1111']],
  ['https://8.8.8.8/'],
  ['https://[2606:4700:4700::1111]/'],
];

const flat = Object.entries(REFUSED).flatMap(([why, cases]) => cases.map(([url, to]) => [why, url, to] as const));

test('the table has at least 120 cases', () => expect(flat.length + ALLOWED.length).toBeGreaterThanOrEqual(120));

test.each(flat)('%s: nothing is sent to %s', async (_why, url, resolvesTo = ['1.1.1.1']) => {
  const resolve = async () => resolvesTo.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  const fetch = createSafeFetch({ resolve, timeoutMs: 1_000 });
  await expect(fetch(url)).rejects.toMatchObject({ kind: 'rejected', code: 'address_refused', ambiguous: false });
});

test.each(ALLOWED.map(([url, to = ['1.1.1.1']]) => [url, to] as const))('%s may be asked', (url, resolvesTo) => {
  const target = checkOutsideUrl(url, { allowLoopback: false, privateOrigins: new Set() });
  expect(() => requireReachable(target, resolvesTo)).not.toThrow();
  expect(target.reach).toBe('public');
});

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
