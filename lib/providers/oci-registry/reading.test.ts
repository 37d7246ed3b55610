import { describe, expect, it } from 'vitest';
import { Secret } from '@/lib/kernel/secret';
import type { ProviderContext } from '../port';
import { provider } from './adapter';
import { readChallenge } from './challenge';
import { verifyCredential } from './credential';
import { refusalOf } from './errors';
import { preferred, saidBy } from './map';
import { pairOf } from './session';
import { nextOf } from './tags';

describe('what a registry says about signing in', () => {
  it.each([
    [
      'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:a/b:pull"',
      { scheme: 'bearer', realm: 'https://auth.docker.io/token', service: 'registry.docker.io' },
    ],
    ['bearer realm=https://a.example/t', { scheme: 'bearer', realm: 'https://a.example/t', service: null }],
    [
      'Basic realm="x", Bearer realm="https://a.example/t",service="s, \\"t\\""',
      { scheme: 'bearer', realm: 'https://a.example/t', service: 's, "t"' },
    ],
    ['Basic realm="https://1.dkr.ecr.eu-west-1.amazonaws.com/",service="ecr.amazonaws.com"', { scheme: 'basic' }],
    ['Bearer realm="not an address"', null],
    ['Negotiate', null],
    ['', null],
    [`Bearer realm="https://a.example/${'x'.repeat(5_000)}"`, null],
  ])('%s', (header, wanted) => {
    expect(readChallenge(header)).toEqual(wanted);
  });
});

describe('the next page of tags', () => {
  const base = 'https://r.example/v2/a/tags/list?n=500';
  it.each([
    ['</v2/a/tags/list?last=b&n=500>; rel="next"', 'last=b&n=500'],
    ['<https://r.example/v2/a/tags/list?next_page=abc%3D>; rel=next', 'next_page=abc%3D'],
    ['</v2/a/tags/list?n=500>; rel="next"', null],
    ['</v2/a/tags/list?last=b>; rel="prev"', null],
    ['</v2/a/tags/list>; rel="next"', null],
    [`</v2/a?${'x'.repeat(3_000)}>; rel="next"`, null],
    [null, null],
  ])('%s', (link, wanted) => {
    expect(nextOf(link, base)).toBe(wanted);
  });
});

describe('what is pasted for ECR', () => {
  const opened = (username: string, password: string) =>
    pairOf({
      credential: { kind: 'basic', username, password: new Secret(password), tokenOrigin: null },
    } as ProviderContext);
  const token = Buffer.from('AWS:the-real-password').toString('base64');

  it('may be the authorization token or the password in it; no other account is opened so', () => {
    expect(opened('AWS', token).password.reveal()).toBe('the-real-password');
    expect(opened('AWS', 'the-real-password').password.reveal()).toBe('the-real-password');
    expect(opened('robot', token).password.reveal()).toBe(token);
  });
});

describe('how long a credential lasts', () => {
  const now = Date.parse('2026-11-26T12:00:00Z');
  const check = (username: string, password: string) =>
    verifyCredential({
      connectionId: `con_${username}_${password.length}`,
      origin: 'https://1.dkr.ecr.eu-west-1.amazonaws.com',
      credential: { kind: 'basic', username, password: new Secret(password), tokenOrigin: null },
      fetch: asking,
      now: () => now,
    });
  /** Asks for basic sign-in, as ECR does. */
  const asking: typeof globalThis.fetch = async (input, init) =>
    new Request(input, init).headers.has('authorization')
      ? new Response('{}')
      : new Response(null, {
          status: 401,
          headers: { 'www-authenticate': 'Basic realm="x",service="ecr.amazonaws.com"' },
        });
  const ecr = (end: string) =>
    Buffer.from(JSON.stringify({ payload: 'x', expiration: Date.parse(end) / 1000 })).toString('base64');

  it('is told where the credential itself tells it, with what to do before', async () => {
    expect(await check('AWS', ecr('2026-11-26T23:00:00Z'))).toMatchObject({
      ok: true,
      problems: [],
      expiresAt: '2026-11-26T23:00:00.000Z',
    });
    const soon = await check('AWS', ecr('2026-11-26T13:05:00Z'));
    expect(soon.problems).toEqual(['The authorization token ends at 13:05 UTC. Paste a new one before that.']);
    expect((await check('AWS', 'opaque')).problems[0]).toContain('12 hours');
    expect((await check('oauth2accesstoken', 'opaque')).problems[0]).toContain('an hour');
    expect(await check('robot', 'opaque')).toMatchObject({ problems: [], expiresAt: null });
  });
});

describe('what an image says of itself', () => {
  const label = (name: string, value: string) => ({ [`org.opencontainers.image.${name}`]: value });

  it('labels go before annotations, and what is no commit or no address is left out', () => {
    const sha = 'a'.repeat(40);
    const config = { config: { Labels: { ...label('revision', sha), ...label('source', 'javascript:alert(1)') } } };
    expect(saidBy(config, label('revision', 'b'.repeat(40)), label('version', '2.0'))).toEqual({
      createdAt: null,
      revision: sha,
      source: null,
      version: '2.0',
    });
    expect(saidBy(null, label('revision', 'main'))).toMatchObject({ revision: null });
    expect(saidBy({ created: '0001-01-01T00:00:00Z' })).toMatchObject({ createdAt: null });
  });

  it('the wanted platform is the one that is read, whatever its variant; the first where it is missing', () => {
    const at = (architecture: string, variant: string | null) => ({
      os: 'linux',
      architecture,
      variant,
      digest: '',
      sizeBytes: null,
    });
    const all = [at('amd64', null), at('arm64', 'v8')];
    expect(preferred(all, 'linux/arm64')).toBe(all[1]);
    expect(preferred(all, 'linux/arm64/v7')).toBe(all[0]);
    expect(preferred(all, null)).toBe(all[0]);
    expect(preferred([], 'linux/amd64')).toBeNull();
  });
});

describe('a refusal', () => {
  const body = (code: string) => JSON.stringify({ errors: [{ code, message: 'secret-of-the-vendor' }] });
  it.each([
    [429, 'TOOMANYREQUESTS', 'rateLimited', 'too_many_requests'],
    [200, 'TOOMANYREQUESTS', 'rateLimited', 'too_many_requests'],
    [403, 'DENIED', 'auth', 'missing_permission'],
    [404, 'NAME_UNKNOWN', 'notFound', 'no_repository'],
    [404, 'MANIFEST_UNKNOWN', 'notFound', 'no_image'],
    [503, 'UNAVAILABLE', 'unavailable', 'vendor_error'],
    [405, 'UNSUPPORTED', 'rejected', 'refused'],
    [307, '', 'rejected', 'moved'],
  ])('%i %s', async (status, code, kind, ours) => {
    const about = { repository: 'acme/api', reference: 'latest' };
    const error = await refusalOf(new Response(body(code), { status }), 'r.example', about, 0);
    expect(error).toMatchObject({ kind, code: ours, message: expect.stringMatching(/\. \S.*\.$/) });
    expect(error.message).not.toContain('vendor');
  });
});

it.each([
  ['to one repository is no word about the credential', 200, 'missing_permission'],
  ['to everything is', 401, 'credential_refused'],
])('a token service that says no %s', async (_, without, code) => {
  const c: ProviderContext = {
    ...{ connectionId: `con_scope_${without}`, origin: 'https://ghcr.io', now: Date.now },
    credential: { kind: 'basic', username: 'robot', password: new Secret('of-this-test-0001'), tokenOrigin: null },
    fetch: async (input, init) => {
      const { pathname, searchParams } = new URL(new Request(input, init).url);
      const challenge = { 'www-authenticate': 'Bearer realm="https://ghcr.io/token",service="ghcr.io"' };
      if (pathname !== '/token') return new Response(null, { status: 401, headers: challenge });
      return new Response('{"token":"t"}', { status: searchParams.has('scope') ? 401 : without });
    },
  };
  await expect(provider.methods.images.tags(c, 'acme/backend', null)).rejects.toMatchObject({ kind: 'auth', code });
});
