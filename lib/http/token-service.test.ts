import { describe, expect, it } from 'vitest';
import { type GuardOptions, guardedFetch } from './guarded-fetch';
import { createHttpMemory } from './memory';

const ORIGIN = 'https://registry.example';
const TOKENS = 'https://auth.example';
const AUTH = { authorization: 'Basic c2VjcmV0OnNlY3JldA==' };

function rig(answer: (request: Request) => Response, more: Partial<GuardOptions> = {}) {
  const sent: Request[] = [];
  const fetch = guardedFetch({
    connectionId: 'conn_a',
    origin: ORIGIN,
    tokenOrigins: [TOKENS],
    memory: createHttpMemory(),
    fetch: async (input, init) => {
      const request = new Request(input, init);
      sent.push(request);
      return answer(request);
    },
    ...more,
  });
  return { fetch, sent };
}

const ok = () => Response.json({});
const to = (location: string) => (request: Request) =>
  request.url.startsWith(ORIGIN) ? new Response(null, { status: 307, headers: { location } }) : ok();

describe('a token service beside the provider', () => {
  it('sees the credential; no third host does', async () => {
    const { fetch, sent } = rig(ok);
    await fetch(`${TOKENS}/token?scope=x`, { headers: AUTH });
    await expect(fetch('https://auth.example.evil.example/token', { headers: AUTH })).rejects.toMatchObject({
      code: 'origin_refused',
    });
    expect(sent.map((each) => [each.url, each.headers.has('authorization')])).toEqual([
      [`${TOKENS}/token?scope=x`, true],
    ]);
  });

  it('is not where a redirect may take the credential', async () => {
    const { fetch, sent } = rig(to(`${TOKENS}/token`));
    await expect(fetch(`${ORIGIN}/v2/`, { headers: AUTH })).rejects.toMatchObject({ code: 'origin_refused' });
    expect(sent).toHaveLength(1);
  });

  it('that asks for a pause is given it, and so is the provider', async () => {
    const { fetch, sent } = rig(() => new Response(null, { status: 429, headers: { 'retry-after': '30' } }));
    await fetch(`${TOKENS}/token`, { headers: AUTH });
    await expect(fetch(`${ORIGIN}/v2/`, { headers: AUTH })).rejects.toMatchObject({ kind: 'rateLimited' });
    expect(sent).toHaveLength(1);
  });
});

describe('downloads that may be kept anywhere', () => {
  const anywhere = { downloadHosts: ['*'] };

  it('are fetched over https, without the credential', async () => {
    const { fetch, sent } = rig(to('https://blobs.elsewhere.example/x?signature=1'), anywhere);
    await fetch(`${ORIGIN}/v2/a/blobs/1`, { headers: AUTH });
    expect(sent.map((each) => each.headers.has('authorization'))).toEqual([true, false]);
  });

  it.each(['http://blobs.elsewhere.example/x', 'https://user:pw@blobs.elsewhere.example/x', 'ftp://blobs.example/x'])(
    'are not fetched from %s',
    async (location) => {
      const { fetch, sent } = rig(to(location), anywhere);
      await expect(fetch(`${ORIGIN}/v2/a/blobs/1`, { headers: AUTH })).rejects.toMatchObject({
        code: 'origin_refused',
      });
      expect(sent).toHaveLength(1);
    },
  );
});

it('a HEAD asks whether it is there, not whether it has changed', async () => {
  const { fetch, sent } = rig(() => new Response('{}', { headers: { etag: '"1"' } }));
  await fetch(`${ORIGIN}/v2/a/manifests/1`);
  await fetch(`${ORIGIN}/v2/a/manifests/1`, { method: 'HEAD' });
  await fetch(`${ORIGIN}/v2/a/manifests/1`);
  expect(sent.map((each) => each.headers.get('if-none-match'))).toEqual([null, null, '"1"']);
});

it.each([
  ['of a token service, however it was asked', `${TOKENS}/token`, { authorization: 'Bearer x' }],
  ['to a user name and a password', `${ORIGIN}/token`, AUTH],
])('an answer %s is not kept: it may be a token', async (_, url, headers) => {
  const memory = createHttpMemory();
  const { fetch, sent } = rig(() => Response.json({ token: 'made' }, { headers: { etag: '"1"' } }), { memory });
  await fetch(url, { headers });
  await fetch(url, { headers });
  expect([memory.etags.size, sent.some((each) => each.headers.has('if-none-match'))]).toEqual([0, false]);
  await fetch(`${ORIGIN}/v2/a/manifests/1`, { headers: { authorization: 'Bearer x' } });
  expect(memory.etags.size).toBe(1);
});
