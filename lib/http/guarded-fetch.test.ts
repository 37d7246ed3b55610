import { describe, expect, it } from 'vitest';
import type { QuotaSnapshot } from '@/lib/providers/port';
import { CUT_HEADER, type GuardOptions, guardedFetch } from './guarded-fetch';
import { createHttpMemory } from './memory';
import { type QuotaLedger, READING_HEADER } from './quota';

const ORIGIN = 'https://api.vendor.example';
const URL_A = `${ORIGIN}/repos/a?page=1`;
const AUTH = { authorization: 'token s3cret-token' };

type Answer = (request: Request) => Response | Promise<Response>;

const ledger: QuotaLedger = {
  hold: async () => null,
  count: () => undefined,
  saw: () => undefined,
  paused: async () => undefined,
};

/** A guard over scripted answers, a list of what was sent, and a clock that stands still. */
function rig(answer: Answer, more: Partial<GuardOptions> = {}) {
  const sent: Request[] = [];
  const clock = { now: Date.parse('2026-01-01T00:00:00Z') };
  const fetch = guardedFetch({
    connectionId: 'conn_a',
    origin: ORIGIN,
    memory: createHttpMemory(),
    now: () => clock.now,
    fetch: async (input, init) => {
      const request = new Request(input, init);
      sent.push(request);
      return answer(request);
    },
    ...more,
  });
  return { fetch, sent, clock };
}

const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => expect.fail('it should have failed'),
    (error: unknown) => error,
  );

describe('where a request may go', () => {
  it.each([
    'https://evil.example/x',
    'http://api.vendor.example/x',
    'https://api.vendor.example:8443/x',
    'https://api.vendor.example.evil.example/x',
    'https://user:pw@evil.example/x',
    'https://xn--api-vendor.example/x',
  ])('sends nothing to %s', async (url) => {
    const { fetch, sent } = rig(() => Response.json({}));
    await failure(Promise.resolve().then(() => fetch(url, { headers: AUTH })));
    expect(sent).toEqual([]);
  });

  it('follows a redirect of a read on the own origin, with the credential', async () => {
    const { fetch, sent } = rig((request) =>
      request.url === URL_A
        ? new Response(null, { status: 301, headers: { location: '/repositories/7' } })
        : Response.json({ id: 7 }),
    );
    expect(await (await fetch(URL_A, { headers: AUTH })).json()).toEqual({ id: 7 });
    expect(sent.map((each) => each.headers.get('authorization'))).toEqual([AUTH.authorization, AUTH.authorization]);
  });

  it('follows a download to a listed host without the credential', async () => {
    const { fetch, sent } = rig(
      (request) =>
        request.url === URL_A
          ? new Response(null, { status: 302, headers: { location: 'https://x7.logs.example/signed?sig=1' } })
          : new Response('log'),
      { downloadHosts: ['*.logs.example'] },
    );
    expect(await (await fetch(URL_A, { headers: { ...AUTH, range: 'bytes=5-' } })).text()).toBe('log');
    expect(Object.fromEntries(sent[1]?.headers ?? [])).toEqual({ range: 'bytes=5-' });
  });

  it.each([
    'https://logs.example.evil.example/x',
    'https://evil-logs.example/x',
    'http://x.logs.example/x',
    'https://user@x.logs.example/x',
    'http://169.254.169.254/latest/meta-data',
    'file:///etc/passwd',
  ])('does not follow a redirect to %s', async (location) => {
    const { fetch, sent } = rig(() => new Response(null, { status: 302, headers: { location } }), {
      downloadHosts: ['*.logs.example'],
    });
    expect(await failure(fetch(URL_A))).toMatchObject({ kind: 'rejected', code: 'origin_refused' });
    expect(sent).toHaveLength(1);
  });

  it('ends a circle of redirects', async () => {
    const { fetch, sent } = rig(() => new Response(null, { status: 302, headers: { location: URL_A } }));
    expect((await fetch(URL_A)).status).toBe(302);
    expect(sent).toHaveLength(3);
  });
});

describe('how much and how long', () => {
  it('refuses an answer over the cap instead of reading it', async () => {
    const { fetch } = rig(() => new Response('x'.repeat(2_000)), { maxBytes: 1_000 });
    expect(await failure(fetch(URL_A))).toMatchObject({ kind: 'protocol', code: 'too_large', ambiguous: false });
    expect(await failure(fetch(URL_A, { method: 'POST', body: '{}' }))).toMatchObject({ ambiguous: true });
  });

  it('keeps the beginning of a download over the cap and marks it', async () => {
    const { fetch } = rig(
      (request) =>
        request.url === URL_A
          ? new Response(null, { status: 302, headers: { location: 'https://a.logs.example/1' } })
          : new Response('y'.repeat(50)),
      { maxBytes: 20, downloadHosts: ['a.logs.example'] },
    );
    const answer = await fetch(URL_A);
    expect([await answer.text(), answer.headers.get(CUT_HEADER)]).toEqual(['y'.repeat(20), '1']);
  });

  it.each([
    ['GET', false],
    ['POST', true],
  ])('gives up on a %s at the deadline (ambiguous: %s)', async (method, ambiguous) => {
    const { fetch } = rig(() => new Promise<Response>(() => undefined), { timeoutMs: 30 });
    expect(await failure(fetch(URL_A, { method }))).toMatchObject({ kind: 'unavailable', code: 'timeout', ambiguous });
  });

  it('gives up when the body drips past the deadline', async () => {
    const { fetch } = rig(() => new Response(new ReadableStream({ pull: () => new Promise(() => undefined) })), {
      timeoutMs: 30,
    });
    expect(await failure(fetch(URL_A))).toMatchObject({ code: 'timeout' });
  });

  it('gives up when the caller does', async () => {
    const { fetch } = rig(() => new Promise<Response>(() => undefined));
    expect(await failure(fetch(URL_A, { signal: AbortSignal.abort() }))).toMatchObject({
      kind: 'unavailable',
      code: 'aborted',
    });
  });

  it.each([
    ['ECONNREFUSED', false],
    ['ENOTFOUND', false],
    ['ECONNRESET', true],
    ['UND_ERR_SOCKET', true],
  ])('calls a write that met %s ambiguous: %s', async (code, ambiguous) => {
    const { fetch } = rig(() => {
      throw new TypeError('fetch failed', {
        cause: Object.assign(new Error(`connect ${code} token=s3cret-token`), { code }),
      });
    });
    const error = await failure(fetch(URL_A, { method: 'POST', headers: AUTH, body: '{}' }));
    expect(error).toMatchObject({ kind: 'unavailable', ambiguous });
    expect(String(error)).not.toContain('s3cret-token');
  });
});

describe('the vendor’s limits', () => {
  const HOUR = { 'x-ratelimit-limit': '5000', 'x-ratelimit-resource': 'core' };

  it('reports the quota of every answer', async () => {
    const seen: QuotaSnapshot[] = [];
    const { fetch } = rig(
      () =>
        Response.json({}, { headers: { ...HOUR, 'x-ratelimit-remaining': '4999', 'x-ratelimit-reset': '1767229200' } }),
      { ledger: { ...ledger, saw: (quota) => seen.push(quota) } },
    );
    await fetch(URL_A);
    expect(seen).toEqual([{ resource: 'core', limit: 5000, remaining: 4999, resetAt: 1_767_229_200_000 }]);
  });

  it.each([
    ['seconds', 429, '7', 7_000],
    ['a date', 403, 'Thu, 01 Jan 2026 00:00:07 GMT', 7_000],
    ['an hour of trouble', 503, '3600', 3_600_000],
  ])('sends nothing until Retry-After (%s) has passed', async (_, status, value, pause) => {
    const blocks: unknown[] = [];
    const { fetch, sent, clock } = rig(() => Response.json({}, { status, headers: { 'retry-after': value } }), {
      ledger: { ...ledger, paused: async (block) => void blocks.push(block) },
    });
    expect((await fetch(URL_A)).status).toBe(status);
    clock.now += pause - 1;
    expect(await failure(fetch(URL_A))).toMatchObject({ kind: 'rateLimited', retryAfterMs: 1, ambiguous: false });
    expect(await failure(fetch(URL_A, { method: 'POST' }))).toMatchObject({ kind: 'rateLimited', ambiguous: false });
    expect(sent).toHaveLength(1);
    clock.now += 1;
    await fetch(URL_A);
    expect(sent).toHaveLength(2);
    expect(blocks[0]).toEqual({ resource: '*', until: Date.parse('2026-01-01T00:00:00Z') + pause });
  });

  it('stops before the request that would be refused, for that resource only', async () => {
    const { fetch, sent, clock } = rig(() =>
      Response.json({}, { headers: { ...HOUR, 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1767225660' } }),
    );
    await fetch(URL_A);
    expect(await failure(fetch(URL_A))).toMatchObject({ kind: 'rateLimited', retryAfterMs: 60_000 });
    await fetch(`${ORIGIN}/search/code?q=x`);
    clock.now += 60_000;
    await fetch(URL_A);
    expect(sent).toHaveLength(3);
  });

  it('pauses a minute when a limit comes without a time', async () => {
    const { fetch, clock } = rig(() =>
      Response.json({ message: 'You have exceeded a secondary rate limit.' }, { status: 403 }),
    );
    await fetch(URL_A);
    clock.now += 59_999;
    expect(await failure(fetch(URL_A))).toMatchObject({ kind: 'rateLimited' });
  });

  it('heeds what another process learned', async () => {
    const counted: string[] = [];
    const { fetch, sent, clock } = rig(() => Response.json({}), {
      ledger: {
        ...ledger,
        hold: async () => ({ until: clock.now + 5_000, why: 'pause' }),
        count: (what) => counted.push(what),
      },
    });
    expect(await failure(fetch(URL_A))).toMatchObject({ kind: 'rateLimited', retryAfterMs: 5_000 });
    expect([sent, counted]).toEqual([[], ['held']]);
  });

  it('refuses the write that would be one too many in a minute, and lets reads pass', async () => {
    const { fetch, sent, clock } = rig(() => Response.json({}), { writesPerMinute: 2 });
    await fetch(URL_A, { method: 'POST' });
    clock.now += 10_000;
    await fetch(URL_A, { method: 'POST' });
    expect(await failure(fetch(URL_A, { method: 'POST' }))).toMatchObject({
      kind: 'rateLimited',
      retryAfterMs: 50_000,
      ambiguous: false,
    });
    await fetch(URL_A);
    await fetch(URL_A, { method: 'POST', headers: { [READING_HEADER]: '1' } });
    clock.now += 50_000;
    await fetch(URL_A, { method: 'POST' });
    expect(sent.filter((each) => each.method === 'POST')).toHaveLength(4);
    expect(sent.some((each) => each.headers.has(READING_HEADER))).toBe(false);
  });
});

describe('conditional reads', () => {
  const tagged: Answer = (request) =>
    request.headers.get('if-none-match') === '"v1"'
      ? new Response(null, { status: 304, headers: { etag: '"v1"', 'x-ratelimit-remaining': '7' } })
      : Response.json({ n: 1 }, { headers: { etag: '"v1"', link: '<next>' } });

  it('counts what the vendor charges for apart from what is free', async () => {
    const counted: string[] = [];
    const { fetch } = rig(tagged, { ledger: { ...ledger, count: (what) => counted.push(what) } });
    await fetch(URL_A);
    await fetch(URL_A);
    await fetch(URL_A, { method: 'POST' });
    expect(counted).toEqual(['charged', 'free', 'charged']);
  });

  it('answers a 304 from memory, with the headers of both', async () => {
    const { fetch, sent } = rig(tagged);
    await fetch(URL_A);
    const again = await fetch(URL_A);
    expect([
      again.status,
      await again.json(),
      again.headers.get('link'),
      again.headers.get('x-ratelimit-remaining'),
    ]).toEqual([200, { n: 1 }, '<next>', '7']);
    expect(sent[1]?.headers.get('if-none-match')).toBe('"v1"');
  });

  it('never answers one connection with what another one read', async () => {
    const memory = createHttpMemory();
    const a = rig(tagged, { memory });
    const b = rig(tagged, { memory, connectionId: 'conn_b' });
    await a.fetch(URL_A);
    await b.fetch(URL_A);
    expect(b.sent[0]?.headers.has('if-none-match')).toBe(false);
  });

  it('tells formats apart, and keeps no part of a file and nothing of what asks not to be kept', async () => {
    const { fetch, sent } = rig(tagged);
    await fetch(URL_A, { headers: { accept: 'a/b', 'cache-control': 'no-store' } });
    await fetch(URL_A, { headers: { accept: 'a/b' } });
    await fetch(URL_A, { headers: { accept: 'c/d' } });
    await fetch(URL_A, { headers: { accept: 'a/b', range: 'bytes=1-' } });
    expect(sent.map((each) => each.headers.has('if-none-match'))).toEqual([false, false, false, false]);
  });
});
