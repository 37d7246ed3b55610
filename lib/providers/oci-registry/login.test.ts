import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { guardedFetch } from '@/lib/http/guarded-fetch';
import { createHttpMemory } from '@/lib/http/memory';
import { createSafeFetch } from '@/lib/http/safe-fetch';
import { redactText } from '@/lib/kernel/redact';
import { Secret } from '@/lib/kernel/secret';
import { type Credential, type ProviderContext, ProviderError, tokenOriginsOf } from '../port';
import { provider } from './adapter';
import { manifest } from './manifest';
import { ECR, GOOGLE, startVendorLogins, type VendorLogins } from './testing/vendor-logins';

const HOUR = 3_600_000;
const pair = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const accessKey = { id: `AK${'IA'}TESTTESTTESTTEST`, secret: 'a/secret+access/key-of-this-test-00001' };
const keyFile = {
  type: 'service_account',
  project_id: 'acme',
  private_key_id: '370ab79b4513eb9bad7c9bd16a95cb76b5b2a56a',
  private_key: pair.privateKey,
  client_email: 'reader@acme.iam.gserviceaccount.com',
  client_id: '1',
  token_uri: 'https://tokens.evil.dev/token',
  universe_domain: 'googleapis.com',
};
const { images } = provider.methods;

let vendors: VendorLogins;
let now = Date.parse('2026-11-27T08:00:00Z');

beforeAll(async () => {
  const facts = { accessKey, publicKey: pair.publicKey, now: () => now };
  vendors = await startVendorLogins(facts, createSafeFetch({ allowLoopback: true }));
});
afterAll(() => vendors?.stop());
beforeEach(() => {
  vendors.refuse(null);
  vendors.made.length = 0;
});

const basic = (username: string, password: string): Credential => ({
  ...{ kind: 'basic', username, tokenOrigin: null },
  password: new Secret(password),
});
const byKey = (id = accessKey.id, secret = accessKey.secret) => basic(id, secret);
const asBase64 = (username: string) => basic(username, Buffer.from(JSON.stringify(keyFile)).toString('base64'));
const byFile = (over: object = {}) => basic('_json_key', JSON.stringify({ ...keyFile, ...over }, null, 2));

interface Line extends ProviderContext {
  /** Everything that left: addresses, headers and bodies. */
  sent: { host: string; text: string }[];
}

let serial = 0;
/** `answer`: in place of the vendors. */
function line(host: string, credential: Credential, answer = vendors.fetch): Line {
  const [connectionId, origin] = [`con_login_${++serial}`, `https://${host}`];
  const sent: Line['sent'] = [];
  const tapped: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const text = [request.url, ...[...request.headers].flat(), await request.clone().text()].join('\n');
    sent.push({ host: new URL(request.url).host, text });
    return answer(request);
  };
  const fetch = guardedFetch({
    ...{ connectionId, origin, memory: createHttpMemory(), fetch: tapped, now: () => now },
    tokenOrigins: tokenOriginsOf(manifest, origin, credential),
    downloadHosts: manifest.downloadHosts,
  });
  return { connectionId, origin, credential, now: () => now, fetch, sent };
}

const refusal = (work: Promise<unknown>): Promise<ProviderError> =>
  work.then(
    () => expect.fail('this should have been refused'),
    (error: unknown) => (error instanceof ProviderError ? error : expect.fail(String(error))),
  );
const tags = (c: Line) => images.tags(c, 'acme/backend', null);
const asked = (c: Line, host: string) => c.sent.filter((each) => each.host === host).length;

const VENDORS = [
  { name: 'an access key', ...ECR, credential: () => byKey(), key: accessKey.secret, lasts: 12 * HOUR },
  { name: 'a service account', ...GOOGLE, credential: () => byFile(), key: pair.privateKey, lasts: 3_599_000 },
];

describe.each(VENDORS)('$name', ({ registry, api, credential, key, lasts }) => {
  it('is made into a token, and is itself shown to nobody', async () => {
    const c = line(registry, credential());
    expect(await tags(c)).toEqual({ names: ['1.4.0'], next: null });
    expect(vendors.made).toHaveLength(1);
    const core = key.split('\n')[1] ?? key;
    for (const form of [core, Buffer.from(core).toString('base64').slice(0, 24), encodeURIComponent(core)])
      expect(c.sent.some(({ text }) => text.includes(form))).toBe(false);
    expect(new Set(c.sent.map(({ host }) => host))).toEqual(new Set([registry, api]));
    expect(redactText(`answered ${vendors.made[0]}`), 'what was made is a secret of this process').not.toContain(
      vendors.made[0]?.slice(4, 40),
    );
  });

  it('is asked for a token once by all reads, and anew shortly before it ends', async () => {
    const c = line(registry, credential());
    await Promise.all([tags(c), tags(c), tags(c)]);
    now += lasts - 6 * 60_000;
    await tags(c);
    expect(asked(c, api)).toBe(1);
    now += 2 * 60_000;
    await Promise.all([tags(c), tags(c)]);
    // The registry that changes it for a token of its own asks when that one ends.
    now += 4 * 60_000 + 30_000;
    await tags(c);
    expect(asked(c, api)).toBe(2);
  });

  it('makes another when the registry takes the last one no more', async () => {
    const c = line(registry, credential());
    await tags(c);
    vendors.revoke();
    now += 60_000;
    expect(await tags(c)).toMatchObject({ names: ['1.4.0'] });
    expect(vendors.made).toHaveLength(2);
  });

  it('is checked by making one: who, what it may read, how long, and nothing that ends', async () => {
    const c = line(registry, credential());
    await tags(c);
    const report = await provider.verifyCredential(c, ['acme/backend']);
    expect(report).toMatchObject({ ok: true, scopes: ['acme/backend:pull'], problems: [], expiresAt: null });
    expect(report.notes).toEqual([expect.stringMatching(/renewed by themselves; .* until \d\d:\d\d UTC/)]);
    expect(report.account).toMatch(/^(access key …TEST|reader@acme\.iam\.gserviceaccount\.com) at /);
    expect(vendors.made).toHaveLength(2);
    vendors.refuse(api === ECR.api ? 'UnrecognizedClientException' : 'invalid_grant');
    expect(await refusal(provider.verifyCredential(c, ['acme/backend']))).toMatchObject({ code: 'credential_refused' });
  });

  it('that is refused is not sent again at each read', async () => {
    const c = line(registry, credential());
    vendors.refuse('SomethingNew');
    for (const _ of [1, 2, 3]) expect(await refusal(tags(c))).toMatchObject({ kind: 'auth', code: 'login_refused' });
    expect(asked(c, api)).toBe(1);
    vendors.refuse(null);
    now += 31_000;
    expect(await tags(c)).toMatchObject({ names: ['1.4.0'] });
  });

  it.each([
    [500, 'unavailable', 'vendor_error'],
    [429, 'rateLimited', 'too_many_requests'],
  ])('waits for a host in trouble (%i); asking twice is never an unclear outcome', async (status, kind, code) => {
    const c = line(registry, credential());
    vendors.refuse('ServerException', '', status);
    expect(await refusal(tags(c))).toMatchObject({ kind, code, ambiguous: false });
  });
});

describe('what the vendor says no with', () => {
  const CASES: [string, Credential, string, string, string, RegExp][] = [
    [ECR.registry, byKey(`AK${'IA'}NOBODYNOBODY0000`), '', '', 'credential_refused', /does not know this access key/],
    [ECR.registry, byKey(undefined, 'another-secret-of-nobody-000001'), '', '', 'credential_refused', /not its own/],
    [ECR.registry, byKey(), 'AccessDeniedException', 'User: x', 'sign_in_denied', /ecr:GetAuthorizationToken/],
    [
      ECR.registry,
      byKey(),
      'a.b#InvalidSignatureException',
      'Signature expired: x',
      'clock_wrong',
      /clock of this server/,
    ],
    [ECR.registry, byKey(), 'ThrottlingException', 'Rate exceeded', 'too_many_requests', /too many tokens/],
    [
      GOOGLE.registry,
      byFile(),
      'invalid_grant',
      'Invalid grant: account not found',
      'credential_refused',
      /reader@acme/,
    ],
    [GOOGLE.registry, byFile(), 'invalid_grant', 'in a reasonable timeframe', 'clock_wrong', /clock of this server/],
    [GOOGLE.registry, byFile(), 'org_internal', 'x', 'login_refused', /org_internal/],
  ];

  it.each(CASES)('%s: case %#', async (host, credential, said, words, code, sentence) => {
    if (said) vendors.refuse(said, words);
    const error = await refusal(provider.verifyCredential(line(host, credential)));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(sentence);
    const held = error.kind === 'rateLimited' ? {} : { kind: 'auth' };
    expect(await refusal(tags(line(host, credential))), 'a click waits for none of them').toMatchObject({
      code,
      ...held,
    });
    if (words.length > 3) expect(error.message, 'the vendor’s words stay outside').not.toContain(words);
  });

  it('a key that another has is not taken for this one', async () => {
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    const private_key = other.export({ type: 'pkcs8', format: 'pem' });
    const error = await refusal(tags(line(GOOGLE.registry, byFile({ private_key }))));
    expect(error).toMatchObject({ kind: 'auth', code: 'credential_refused' });
  });
});

describe('nothing leaves at all', () => {
  it.each([
    ['registry.acme.dev', byKey(), 'key_elsewhere'],
    ['registry.acme.dev', byFile(), 'key_elsewhere'],
    ['mirror.gcr.io', byFile(), 'key_elsewhere'],
    ['registry.acme.dev', asBase64('_json_key_base64'), 'key_elsewhere'],
    ['registry.acme.dev', asBase64('robot'), 'key_elsewhere'],
    ['registry.acme.dev', basic('_JSON_KEY', JSON.stringify(keyFile)), 'key_elsewhere'],
    [GOOGLE.registry, basic('oauth2accesstoken', JSON.stringify(keyFile)), 'bad_key_file'],
    [ECR.registry, byKey('akiatesttesttesttest'), 'bad_access_key'],
    [ECR.registry, byKey('AWS_ACCESS_KEY_ID=x'), 'bad_access_key'],
    [ECR.registry, byKey(`AS${'IA'}TESTTESTTESTTEST`), 'temporary_key'],
    [GOOGLE.registry, basic('_json_key', 'not the file'), 'bad_key_file'],
    [GOOGLE.registry, byFile({ private_key: 'nonsense' }), 'bad_key_file'],
    [GOOGLE.registry, byFile({ type: 'authorized_user' }), 'bad_key_file'],
    [GOOGLE.registry, byFile({ universe_domain: 'other.example' }), 'other_universe'],
  ])('for %s: case %#', async (host, credential, code) => {
    const challenge = { 'www-authenticate': 'Basic realm="x"' };
    const c = line(host, credential, async () => new Response(null, { status: 401, headers: challenge }));
    expect(await refusal(provider.verifyCredential(c))).toMatchObject({ kind: 'rejected', code });
    expect(c.sent).toEqual([]);
    expect(await refusal(tags(c)), 'it holds no deployment up').toMatchObject({ kind: 'auth', code });
    expect(c.sent.some(({ text }) => /authorization/i.test(text))).toBe(false);
  });
});

it('whoever leaves does not end a login that others wait for, and trouble on the way is asked again at once', async () => {
  const leaving = new AbortController();
  const c = line(ECR.registry, byKey());
  vendors.refuse('ServerException', '', 500);
  expect((await refusal(tags(c))).kind).toBe('unavailable');
  vendors.refuse(null);
  const first = tags({ ...c, signal: leaving.signal }).catch(() => null);
  const second = tags(c);
  leaving.abort();
  await first;
  expect(await second).toMatchObject({ names: ['1.4.0'] });
});

it('a key in base64 is a key as well', async () => {
  expect(await tags(line(GOOGLE.registry, asBase64('_json_key_base64')))).toMatchObject({ names: ['1.4.0'] });
});

describe('a host that makes tokens and answers oddly', () => {
  const token = (over: object) => ({ authorizationData: [{ authorizationToken: btoa('AWS:of-this-test'), ...over }] });
  /** The registry takes whatever signs in by name and password. */
  const answering = (body: () => object) => async (input: string | URL | Request, init?: RequestInit) => {
    const request = new Request(input, init);
    if (new URL(request.url).host === ECR.api) return Response.json(body());
    if (request.headers.has('authorization')) return Response.json({ name: 'x', tags: ['1.4.0'] });
    return new Response(null, { status: 401, headers: { 'www-authenticate': 'Basic realm="x"' } });
  };

  it('with an end that is past: what was made is used, and none is made again and again', async () => {
    const c = line(
      ECR.registry,
      byKey(),
      answering(() => token({ expiresAt: 1_000 })),
    );
    for (const _ of [1, 2]) expect(await tags(c)).toMatchObject({ names: ['1.4.0'] });
    expect(asked(c, ECR.api)).toBe(1);
  });

  it('with nonsense: no word about the key, so it is asked again at once', async () => {
    let body: object = { hello: 'there' };
    const c = line(
      ECR.registry,
      byKey(),
      answering(() => body),
    );
    expect(await refusal(tags(c))).toMatchObject({ kind: 'auth', code: 'unexpected_answer' });
    body = token({});
    expect(await tags(c)).toMatchObject({ names: ['1.4.0'] });
  });
});

it.each([
  [400, '{}', 'refused'],
  [404, '{}', 'no_repository'],
  [200, 'no token', 'unexpected_answer'],
])('a token service that answers %i %s says nothing of an image', async (status, body, code) => {
  const c = line('ghcr.io', basic('robot', 'password-of-this-test'), async (input, init) => {
    if (new URL(new Request(input, init).url).pathname === '/token') return new Response(body, { status });
    const challenge = { 'www-authenticate': 'Bearer realm="https://ghcr.io/token",service="ghcr.io"' };
    return new Response(null, { status: 401, headers: challenge });
  });
  const digest = `sha256:${'a'.repeat(64)}`;
  expect(await refusal(images.digest(c, 'acme/backend', digest))).toMatchObject({ kind: 'auth', code });
});

it('a token that was made by hand goes to its registry alone', async () => {
  const c = line(ECR.registry, basic('AWS', 'made-by-hand-000001'));
  expect(await refusal(tags(c))).toMatchObject({ kind: 'auth' });
  expect(asked(c, ECR.api)).toBe(0);
});
