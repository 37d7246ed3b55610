import { expect, it } from 'vitest';
import { guardedFetch } from './guarded-fetch';
import { createHttpMemory } from './memory';

const ORIGIN = 'https://api.vendor.example';
const OLD = `${ORIGIN}/repos/acme/old/runs`;
const NEW = `${ORIGIN}/repositories/7/runs`;
const AUTH = { authorization: 'token s3cret-token', 'content-type': 'application/json' };

type Answer = (request: Request) => Response | Promise<Response>;

/** A guard over scripted answers, and what was sent: method, address, body, credential. */
function rig(answer: Answer, writesPerMinute?: number) {
  const sent: string[][] = [];
  const charged: string[] = [];
  const fetch = guardedFetch({
    connectionId: 'conn_a',
    origin: ORIGIN,
    memory: createHttpMemory(),
    downloadHosts: ['*.files.example'],
    writesPerMinute,
    ledger: {
      hold: async () => null,
      count: (what) => charged.push(what),
      saw: () => undefined,
      paused: async () => undefined,
    },
    fetch: async (input, init) => {
      const request = new Request(input, init);
      const { method, url, headers } = request;
      sent.push([method, url, await request.clone().text(), headers.get('authorization') ?? '']);
      return answer(request);
    },
  });
  return { fetch, sent, charged };
}

const movedTo = (location: string, status = 307) => new Response(null, { status, headers: { location } });
const underItsOldName =
  (status: number, answer: Answer): Answer =>
  (request) =>
    request.url === OLD ? movedTo('/repositories/7/runs', status) : answer(request);

const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => expect.fail('it should have failed'),
    (error: unknown) => error,
  );

it.each(['POST', 'PUT', 'PATCH', 'DELETE'])(
  'a %s that was not taken goes where the vendor says, once and whole',
  async (method) => {
    for (const status of [307, 308]) {
      const { fetch, sent, charged } = rig(underItsOldName(status, () => new Response(null, { status: 204 })));
      const body = method === 'DELETE' ? null : '{"ref":"main"}';
      expect((await fetch(OLD, { method, headers: AUTH, body })).status).toBe(204);
      const whole = [body ?? '', AUTH.authorization];
      expect(sent).toEqual([
        [method, OLD, ...whole],
        [method, NEW, ...whole],
      ]);
      expect(charged).toEqual(['charged', 'charged']);
    }
  },
);

it('a body of bytes goes on whole, with the headers that describe it', async () => {
  const { fetch, sent } = rig(underItsOldName(307, (request) => Response.json(request.headers.get('content-type'))));
  const answer = await fetch(OLD, { method: 'PUT', headers: AUTH, body: new TextEncoder().encode('package') });
  expect([await answer.json(), sent[1]?.[2]]).toEqual(['application/json', 'package']);
});

it.each([301, 302, 303])('a write that was answered %i is not repeated', async (status) => {
  const { fetch, sent } = rig(underItsOldName(status, () => Response.json({})));
  expect((await fetch(OLD, { method: 'POST', headers: AUTH, body: '{}' })).status).toBe(status);
  expect(sent).toHaveLength(1);
});

it.each([
  'https://evil.example/x',
  'https://x.files.example/x',
  'http://api.vendor.example/x',
  'https://a:b@api.vendor.example/x',
])('no write goes on to %s, where a download might', async (location) => {
  const { fetch, sent } = rig(() => movedTo(location));
  const refused = { kind: 'rejected', code: 'origin_refused', ambiguous: false };
  expect(await failure(fetch(OLD, { method: 'POST', headers: AUTH, body: '{}' }))).toMatchObject(refused);
  expect(sent).toHaveLength(1);
});

it('what can be read only once is not sent on, and it is said that nothing was taken', async () => {
  const { fetch, sent } = rig(underItsOldName(307, () => Response.json({})));
  const streamed = () => ({
    method: 'POST',
    headers: AUTH,
    body: new Blob(['{}']).stream(),
    duplex: 'half' as const,
  });
  const spent = { kind: 'rejected', code: 'body_spent', ambiguous: false };
  expect(await failure(fetch(OLD, streamed()))).toMatchObject(spent);
  expect(await failure(fetch(new Request(OLD, streamed())))).toMatchObject(spent);
  expect(sent.map(([, url]) => url)).toEqual([OLD, OLD]);
});

it('a circle of them ends, and the redirect is the answer', async () => {
  const { fetch, sent } = rig(() => movedTo(OLD));
  expect((await fetch(OLD, { method: 'POST', headers: AUTH, body: '{}' })).status).toBe(307);
  expect(sent).toHaveLength(3);
});

it('a lost answer is ambiguous only where the request may have been taken', async () => {
  const lost: Answer = () => Promise.reject(new TypeError('fetch failed', { cause: { code: 'ECONNRESET' } }));
  const write = { method: 'POST', headers: AUTH, body: '{}' };
  expect(await failure(rig(underItsOldName(307, lost)).fetch(OLD, write))).toMatchObject({ ambiguous: true });
  const paced = rig(underItsOldName(307, lost), 1);
  expect(await failure(paced.fetch(OLD, write))).toMatchObject({ kind: 'rateLimited', ambiguous: false });
  expect(paced.sent).toHaveLength(1);
});

it('a redirect that says nowhere is an answer like any other', async () => {
  const { fetch, sent } = rig(() => movedTo('http://['));
  expect((await fetch(OLD, { method: 'POST', body: '{}' })).status).toBe(307);
  expect((await fetch(OLD)).status).toBe(307);
  expect(sent).toHaveLength(2);
});
