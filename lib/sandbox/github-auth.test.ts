import { createSign, generateKeyPairSync } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { type Client, clientOf } from './testing/client';

let client: Client;
afterEach(() => client.sandbox.close());

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

function appJwt(claims: Record<string, unknown>, alg = 'RS256'): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const head = `${part({ alg, typ: 'JWT' })}.${part(claims)}`;
  return `${head}.${createSign('RSA-SHA256').update(head).sign(privateKey, 'base64url')}`;
}

test('an unknown or expired token is a 401, a weak one a 403 that names what it lacks', async () => {
  client = await clientOf();
  for (const token of ['expired-token', 'made-up']) {
    const answer = await client.repo('', { token });
    expect([answer.status, (await answer.json()).message]).toEqual([401, 'Bad credentials']);
  }
  expect((await client.repo('', { token: null })).status).toBe(401);
  const weak = await client.repo('/actions/workflows/backend-deploy.yml/dispatches', {
    method: 'POST',
    token: 'readonly-token',
    body: '{"ref":"main"}',
  });
  expect([weak.status, weak.headers.get('x-accepted-github-permissions')]).toEqual([403, 'actions=write']);
  expect((await client.repo('/branches', { token: 'readonly-token' })).status).toBe(200);
  expect((await client.api('/user')).headers.get('x-oauth-scopes')).toContain('workflow');
});

test('an app changes its JWT for a token that ends after an hour', async () => {
  client = await clientOf();
  const now = Math.floor(Date.now() / 1000);
  const jwt = appJwt({ iat: now - 60, exp: now + 540, iss: '402117' });
  expect((await (await client.api('/app', { token: jwt })).json()).slug).toBe('aetherstack-release');
  const { id } = await (await client.repo('/installation', { token: jwt })).json();
  const issued = await client.api(`/app/installations/${id}/access_tokens`, { method: 'POST', token: jwt });
  const { token, permissions } = await issued.json();
  expect([issued.status, token.slice(0, 4), permissions.actions]).toEqual([201, 'ghs_', 'write']);
  expect((await (await client.api('/installation/repositories', { token })).json()).total_count).toBe(3);
  expect((await client.api('/installation/repositories')).status).toBe(403);
  await client.control('advance', { ms: 3_600_001 });
  expect((await client.api('/installation/repositories', { token })).status).toBe(401);
});

test('a JWT that is too old, too long or of another kind is refused', async () => {
  client = await clientOf();
  const now = Math.floor(Date.now() / 1000);
  for (const jwt of [
    appJwt({ iat: now, exp: now - 1, iss: '1' }),
    appJwt({ iat: now, exp: now + 3_600, iss: '1' }),
    appJwt({ iat: now, exp: now + 60, iss: '1' }, 'HS256'),
    appJwt({ iat: now, exp: now + 60 }),
  ]) {
    expect((await client.api('/app', { token: jwt })).status).toBe(401);
  }
});

test('a narrowed installation token cannot dispatch', async () => {
  client = await clientOf();
  const now = Math.floor(Date.now() / 1000);
  const jwt = appJwt({ iat: now, exp: now + 540, iss: '402117' });
  const { id } = await (await client.repo('/installation', { token: jwt })).json();
  const body = JSON.stringify({ permissions: { actions: 'read', contents: 'read' } });
  const { token } = await (
    await client.api(`/app/installations/${id}/access_tokens`, { method: 'POST', token: jwt, body })
  ).json();
  const answer = await client.repo('/actions/workflows/backend-deploy.yml/dispatches', {
    method: 'POST',
    token,
    body: '{"ref":"main"}',
  });
  expect([answer.status, (await answer.json()).message]).toEqual([403, 'Resource not accessible by integration']);
});

test('the hour has as many requests as it has, and says so', async () => {
  client = await clientOf({ quota: 2 });
  expect((await client.api('/user')).headers.get('x-ratelimit-remaining')).toBe('1');
  await client.api('/user');
  const over = await client.api('/user');
  expect([over.status, over.headers.get('x-ratelimit-remaining')]).toEqual([403, '0']);
  expect((await over.json()).message).toMatch(/^API rate limit exceeded/);
  await client.control('advance', { ms: 3_600_001 });
  expect((await client.api('/user')).status).toBe(200);
});

test('the scenarios of limits give the primary and the secondary refusal', async () => {
  client = await clientOf({ scenario: 'rate-limited', pace: 1 });
  const primary = await client.api('/user');
  expect([primary.status, primary.headers.get('x-ratelimit-remaining')]).toEqual([403, '0']);
  await client.control('scenario', { name: 'secondary-limited' });
  const secondary = await client.api('/user');
  expect([secondary.status, secondary.headers.get('retry-after')]).toEqual([403, '60']);
  expect(Number(secondary.headers.get('x-ratelimit-remaining'))).toBeGreaterThan(0);
});

test('sign-in: consent gives a code, the code a token, once', async () => {
  client = await clientOf();
  const web = `${client.sandbox.url}/github.com/login/oauth`;
  const asked = new URLSearchParams({
    client_id: 'c',
    redirect_uri: 'http://127.0.0.1:3000/back?a=1',
    scope: 'read:user',
    state: 's t',
    login: 'yukihara',
  });
  const consent = await fetch(`${web}/authorize?${asked}`, { redirect: 'manual' });
  const back = new URL(consent.headers.get('location') ?? '');
  expect([consent.status, back.origin, back.searchParams.get('state'), back.searchParams.get('a')]).toEqual([
    302,
    'http://127.0.0.1:3000',
    's t',
    '1',
  ]);
  const exchange = () =>
    fetch(`${web}/access_token`, {
      method: 'POST',
      headers: { accept: 'application/json' },
      body: new URLSearchParams({ client_id: 'c', client_secret: 'x', code: back.searchParams.get('code') ?? '' }),
    });
  const { access_token: token } = await (await exchange()).json();
  expect((await (await client.api('/user', { token })).json()).login).toBe('yukihara');
  expect(await (await exchange()).json()).toMatchObject({ error: 'bad_verification_code' });
});
