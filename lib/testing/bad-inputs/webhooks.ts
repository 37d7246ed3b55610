import { createHmac } from 'node:crypto';

export const SECRETS = { now: 'the-new-secret-of-this-hook', before: 'the-old-secret-of-this-hook' };

export const sign = (raw: Uint8Array, secret: string, algorithm = 'sha256') =>
  createHmac(algorithm, secret).update(raw).digest('hex');

export const run = (over: Record<string, unknown> = {}) => ({
  action: 'completed',
  workflow_run: { id: 1000, status: 'completed', conclusion: 'success' },
  repository: { full_name: 'acme/app' },
  ...over,
});

type Header = (raw: Uint8Array) => string | null;

/** D1: what stands in the signature header; null = no header. `secrets`: what the console holds. */
export const SIGNATURES: { name: string; header: Header; secrets: string[]; status: 202 | 401 | 503 }[] = [
  { name: 'the right one', header: (raw) => `sha256=${sign(raw, SECRETS.now)}`, secrets: [SECRETS.now], status: 202 },
  { name: 'none', header: () => null, secrets: [SECRETS.now], status: 401 },
  { name: 'an empty one', header: () => '', secrets: [SECRETS.now], status: 401 },
  { name: 'another prefix', header: (raw) => `sha512=${sign(raw, SECRETS.now)}`, secrets: [SECRETS.now], status: 401 },
  { name: 'SHA-1', header: (raw) => `sha1=${sign(raw, SECRETS.now, 'sha1')}`, secrets: [SECRETS.now], status: 401 },
  {
    name: 'upper case',
    header: (raw) => `sha256=${sign(raw, SECRETS.now).toUpperCase()}`,
    secrets: [SECRETS.now],
    status: 401,
  },
  {
    name: 'one digit short',
    header: (raw) => `sha256=${sign(raw, SECRETS.now).slice(1)}`,
    secrets: [SECRETS.now],
    status: 401,
  },
  { name: 'one byte more', header: (raw) => `sha256=${sign(raw, SECRETS.now)}00`, secrets: [SECRETS.now], status: 401 },
  {
    name: 'the header twice',
    header: (raw) => `sha256=${sign(raw, SECRETS.now)}, sha256=${'0'.repeat(64)}`,
    secrets: [SECRETS.now],
    status: 401,
  },
  { name: 'letters that are no digits', header: () => `sha256=${'é'.repeat(64)}`, secrets: [SECRETS.now], status: 401 },
  {
    name: 'another secret',
    header: (raw) => `sha256=${sign(raw, 'not-the-secret-of-it')}`,
    secrets: [SECRETS.now],
    status: 401,
  },
  { name: 'an empty secret', header: (raw) => `sha256=${sign(raw, '')}`, secrets: [''], status: 401 },
  {
    name: 'the former secret while it rotates',
    header: (raw) => `sha256=${sign(raw, SECRETS.before)}`,
    secrets: [SECRETS.now, SECRETS.before],
    status: 202,
  },
  {
    name: 'the former secret afterwards',
    header: (raw) => `sha256=${sign(raw, SECRETS.before)}`,
    secrets: [SECRETS.now],
    status: 401,
  },
  {
    name: 'the right one of the same JSON, written anew',
    header: (raw) =>
      `sha256=${sign(Buffer.from(JSON.stringify(JSON.parse(Buffer.from(raw).toString()), null, 1)), SECRETS.now)}`,
    secrets: [SECRETS.now],
    status: 401,
  },
  { name: 'any, with no secret set', header: (raw) => `sha256=${sign(raw, SECRETS.now)}`, secrets: [], status: 503 },
];

const json = (value: unknown) => Buffer.from(JSON.stringify(value));
const text = (value: string) => Buffer.from(value);
const padded = (bytes: number) => {
  const empty = json(run({ padding: '' })).byteLength;
  return json(run({ padding: 'x'.repeat(bytes - empty) }));
};

/** D2: bodies that are signed and odd all the same. 400 = "signed, but not a payload that can be read". */
export const BODIES: { name: string; body: () => Buffer; headers?: Record<string, string>; status: 202 | 400 }[] = [
  { name: 'nothing', body: () => text(''), status: 400 },
  { name: 'one byte', body: () => text('x'), status: 400 },
  { name: 'one byte below the cap', body: () => padded(5 * 1024 * 1024 - 1), status: 202 },
  { name: 'as much as the cap', body: () => padded(5 * 1024 * 1024), status: 202 },
  {
    name: 'compressed bytes',
    body: () => Buffer.from('1f8b0800000000000003abae050043bfa6a302000000', 'hex'),
    headers: { 'content-encoding': 'gzip' },
    status: 400,
  },
  { name: 'bad UTF-8', body: () => Buffer.from([0x22, 0xff, 0xfe, 0x22]), status: 400 },
  { name: 'a byte order mark', body: () => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), json(run())]), status: 202 },
  { name: 'a NUL between', body: () => text('{"a":\u0000 1}'), status: 400 },
  { name: 'a NUL in a name', body: () => json(run({ repository: { full_name: 'acme/\u0000app' } })), status: 400 },
  { name: 'a NUL in the action', body: () => json(run({ action: 'completed\u0000' })), status: 400 },
  {
    name: 'a key twice',
    body: () => text('{"action":"a","action":"completed","workflow_run":{"id":1},"repository":{"full_name":"a/b"}}'),
    status: 202,
  },
  {
    name: 'brackets 10,000 deep',
    body: () =>
      text(`{"x":${'['.repeat(10_000)}${']'.repeat(10_000)},"workflow_run":{"id":1},"repository":{"full_name":"a/b"}}`),
    status: 202,
  },
  {
    name: 'a prototype',
    body: () => text('{"__proto__":{"polluted":1},"workflow_run":{"id":1},"repository":{"full_name":"a/b"}}'),
    status: 202,
  },
  {
    name: 'a number beyond all',
    body: () => text('{"workflow_run":{"id":1e400},"repository":{"full_name":"a/b"}}'),
    status: 400,
  },
  {
    name: 'an id beyond 2^53',
    body: () => text('{"workflow_run":{"id":9007199254740993},"repository":{"full_name":"a/b"}}'),
    status: 400,
  },
  { name: 'an id that is negative', body: () => json(run({ workflow_run: { id: -1 } })), status: 400 },
  { name: 'an id of 5,000 digits', body: () => json(run({ workflow_run: { id: '9'.repeat(5_000) } })), status: 400 },
  {
    name: 'half of a pair',
    body: () => text('{"workflow_run":{"id":1},"repository":{"full_name":"a/\\ud800"}}'),
    status: 400,
  },
  {
    name: 'a form',
    body: () => text(`payload=${encodeURIComponent(JSON.stringify(run()))}`),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    status: 400,
  },
  {
    name: 'an event name that is none',
    body: () => json(run()),
    headers: { 'x-github-event': '../workflow_run' },
    status: 400,
  },
  {
    name: 'an event that nobody knows',
    body: () => json({}),
    headers: { 'x-github-event': 'of_the_future' },
    status: 202,
  },
  {
    name: 'a delivery id with a quote',
    body: () => json(run()),
    headers: { 'x-github-delivery': "1' or '1'='1" },
    status: 400,
  },
  { name: 'a run without a repository', body: () => json(run({ repository: null })), status: 400 },
  {
    name: 'a repository that was deleted',
    body: () => json(run({ repository: { full_name: 'gone/gone' } })),
    status: 202,
  },
  { name: 'an installation that nobody has', body: () => json(run({ installation: { id: 999_999 } })), status: 202 },
  { name: 'a list', body: () => json([run()]), status: 400 },
  { name: 'null', body: () => text('null'), status: 400 },
];

/** Sizes around the cap, as they come over the wire: [what, bytes, Content-Length, read?]. */
export const SIZES: [string, number, string | null, boolean][] = [
  ['one byte below the cap', 999, '999', true],
  ['the cap', 1_000, '1000', true],
  ['one byte over', 1_001, '1001', false],
  ['over, in pieces without a length', 1_001, null, false],
  ['over, with a length that lies', 1_001, '10', false],
  ['small, with a length that boasts', 10, '1001', false],
];
