import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { guardedFetch } from './guarded-fetch';
import { createHttpMemory } from './memory';
import { createSafeFetch, type SafeFetchOptions } from './safe-fetch';
import { selfSigned } from './testing/certificate';

// Real servers on this machine, reached through the sandbox's exception for loopback and an injected resolver.

type Handler = (request: IncomingMessage, response: ServerResponse) => void;
const open: (http.Server | https.Server)[] = [];

async function listening(server: http.Server | https.Server, address = '127.0.0.1', port = 0): Promise<number> {
  open.push(server);
  await new Promise<void>((resolve) => server.listen(port, address, resolve));
  return (server.address() as AddressInfo).port;
}
const serve = (handler: Handler, address?: string, port?: number) =>
  listening(http.createServer(handler), address, port);

afterEach(async () => {
  vi.unstubAllEnvs();
  for (const server of open.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

const to = (address: string) => async () => [{ address, family: 4 }];
const local = (more: SafeFetchOptions = {}) =>
  createSafeFetch({ allowLoopback: true, resolve: to('127.0.0.1'), timeoutMs: 2_000, ...more });
const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => expect.fail('it should have failed'),
    (error: unknown) => error,
  );

describe('an exchange', () => {
  test('sends method, headers and body as given, and hands back status, headers and body', async () => {
    const seen: unknown[] = [];
    const port = await serve(async (request, response) => {
      const chunks = [];
      for await (const chunk of request) chunks.push(chunk);
      seen.push(request.method, request.url, request.headers['x-mark'], Buffer.concat(chunks).toString());
      response.writeHead(201, { 'set-cookie': ['a=1', 'b=2'], 'content-encoding': 'gzip' });
      response.end(gzipSync('done'));
    });
    const init = { method: 'POST', headers: { 'x-mark': 'm', host: 'evil.example' }, body: 'hello' };
    const answer = await local()(`http://localhost:${port}/x?y=1`, init);
    expect(seen).toEqual(['POST', '/x?y=1', 'm', 'hello']);
    expect([answer.status, answer.headers.getSetCookie(), await answer.text()]).toEqual([201, ['a=1', 'b=2'], 'done']);
  });

  test('what the guard of a connection hands on is sent whole, its body too', async () => {
    const port = await serve((request, response) => request.pipe(response));
    const origin = `http://localhost:${port}`;
    const guard = { connectionId: 'con_1', origin, memory: createHttpMemory(), fetch: local() };
    const init = { method: 'POST', body: 'hello' };
    expect(await (await guardedFetch(guard)(`${origin}/x`, init)).text()).toBe('hello');
    expect(await (await local()(new Request(`${origin}/x`, init))).text()).toBe('hello');
  });

  test('uses no proxy, whatever the environment says', async () => {
    const proxied: (string | undefined)[] = [];
    const proxy = await serve((request, response) => response.end(String(proxied.push(request.url))));
    for (const name of ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'ALL_PROXY']) {
      vi.stubEnv(name, `http://127.0.0.1:${proxy}`);
    }
    vi.stubEnv('NODE_USE_ENV_PROXY', '1');
    const port = await serve((_, response) => response.end('direct'));
    expect(await (await local()(`http://localhost:${port}/`)).text()).toBe('direct');
    expect(proxied).toEqual([]);
  });
});

describe('the address that was checked is the one that is connected to', () => {
  test('a name that answers otherwise the second time is refused then', async () => {
    const port = await serve((_, response) => response.end('ok'));
    const answers = ['127.0.0.1', '10.0.0.1'];
    const asked: string[] = [];
    const fetch = local({
      resolve: async (host) => {
        asked.push(host);
        return [{ address: answers.shift() ?? '10.0.0.1', family: 4 }];
      },
    });
    const post = () => fetch(`http://localhost:${port}/`, { method: 'POST', body: 'x' });
    expect(await (await post()).text()).toBe('ok');
    expect(await failure(post())).toMatchObject({ code: 'address_refused', ambiguous: false });
    expect(asked).toEqual(['localhost', 'localhost']);
  });

  test('one resolution, and the connection goes to its answer', async () => {
    const port = await serve((_, response) => response.end('first'));
    await serve((_, response) => response.end('second'), '127.0.0.2', port);
    const ask = async (address: string) => (await local({ resolve: to(address) })(`http://localhost:${port}/`)).text();
    expect([await ask('127.0.0.1'), await ask('127.0.0.2')]).toEqual(['first', 'second']);
  });

  test('a public name that leads to this machine is refused even where loopback is allowed', async () => {
    const hits: unknown[] = [];
    const port = await serve((request, response) => response.end(String(hits.push(request.url))));
    const error = await failure(local()(`https://rebind.example:${port}/`));
    expect([error, hits]).toEqual([expect.objectContaining({ code: 'address_refused' }), []]);
  });
});

describe('redirects', () => {
  test.each([301, 302, 303, 307, 308])('a %i is an error and its target is not asked', async (status) => {
    const hits: (string | undefined)[] = [];
    const port = await serve((request, response) => {
      hits.push(request.url);
      response.writeHead(status, { location: 'http://169.254.169.254/latest/' }).end('secret body');
    });
    const error = await failure(local()(`http://localhost:${port}/a`));
    expect(error).toMatchObject({ kind: 'rejected', code: 'redirect_refused' });
    expect(hits).toEqual(['/a']);
    expect(String(error)).not.toMatch(/secret|169/);
  });

  test('a page that refreshes itself elsewhere is only text', async () => {
    const page = '<meta http-equiv="refresh" content="0;url=http://127.0.0.1/">';
    const port = await serve((_, response) => response.setHeader('refresh', '0;url=http://127.0.0.1/').end(page));
    expect(await (await local()(`http://localhost:${port}/`)).text()).toBe(page);
  });

  test('a caller with its own rules gets the redirect to judge', async () => {
    const port = await serve((_, response) => response.writeHead(302, { location: '/b' }).end());
    const answer = await local()(new Request(`http://localhost:${port}/a`, { redirect: 'manual' }));
    expect([answer.status, answer.headers.get('location')]).toEqual([302, '/b']);
  });
});

describe('how much and how long', () => {
  test.each([
    ['the head never comes', () => undefined],
    ['the body drips', (_: IncomingMessage, response: ServerResponse) => drip(response)],
  ] as const)('gives up at the deadline when %s', async (_what, handler) => {
    const port = await serve(handler);
    const fetch = local({ timeoutMs: 150 });
    const error = await failure(fetch(`http://localhost:${port}/`).then((answer) => answer.text()));
    expect(error).toMatchObject({ kind: 'unavailable', code: 'timeout' });
  });

  test('a write that was received and not answered in time is ambiguous', async () => {
    const port = await serve(() => undefined);
    const error = await failure(local({ timeoutMs: 150 })(`http://localhost:${port}/`, { method: 'POST', body: 'x' }));
    expect(error).toMatchObject({ code: 'timeout', ambiguous: true });
  });

  test('what stands still ends long before its time, sent or not, and what moves goes on', async () => {
    const silent = await serve(() => undefined);
    const stuck = await serve((_, response) => response.write('begun'));
    const moving = await serve((_, response) => drip(response, 12));
    const fetch = local({ timeoutMs: 60_000, quietMs: 100 });
    const post = fetch(`http://localhost:${silent}/`, { method: 'POST', body: 'x' });
    expect(await failure(post)).toMatchObject({ kind: 'unavailable', code: 'timeout', ambiguous: true });
    const read = fetch(`http://localhost:${stuck}/`).then((answer) => answer.text());
    expect(await failure(read)).toMatchObject({ code: 'timeout', ambiguous: false });
    expect(await (await fetch(`http://localhost:${moving}/`)).text()).toBe('.'.repeat(12));
  });

  test('a body without end is not read to the end', async () => {
    let sent = 0;
    const port = await serve((_, response) => {
      const chunk = Buffer.alloc(64 * 1024, 'x');
      const more = () => {
        while (!response.destroyed && response.write(chunk)) sent += chunk.length;
      };
      response.on('drain', more);
      more();
    });
    const fetch = local({ maxBytes: 1_000_000 });
    const error = await failure(fetch(`http://localhost:${port}/`).then((answer) => answer.text()));
    expect(error).toMatchObject({ kind: 'protocol', code: 'too_large' });
    expect(sent).toBeLessThan(20_000_000);
  });

  test('a bomb is put down long before it has unpacked', async () => {
    const bomb = gzipSync(Buffer.alloc(9_000_000));
    const port = await serve((_, response) => response.setHeader('content-encoding', 'gzip').end(bomb));
    const chunks: number[] = [];
    const read = async () => {
      const answer = await local()(`http://localhost:${port}/`);
      for await (const chunk of answer.body ?? []) chunks.push((chunk as Uint8Array).byteLength);
    };
    expect(await failure(read())).toMatchObject({ kind: 'protocol', code: 'too_large' });
    expect(chunks.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(bomb.byteLength * 100 + 300_000);
  });

  test.each([
    ['an encoding that nobody asked for', 'zstd', 'encoding_unknown'],
    ['two encodings', 'gzip, gzip', 'encoding_unknown'],
    ['a body that is not what it says', 'gzip', 'network'],
  ])('refuses %s', async (_what, encoding, code) => {
    const port = await serve((_, response) => response.setHeader('content-encoding', encoding).end('plain'));
    const error = await failure(local()(`http://localhost:${port}/`).then((answer) => answer.text()));
    expect(error).toMatchObject({ code });
  });

  test('a reader that stops lets the sender go', async () => {
    const closed = Promise.withResolvers<void>();
    const port = await serve((_, response) => {
      response.write('first');
      response.on('close', () => closed.resolve());
    });
    const answer = await local()(`http://localhost:${port}/`);
    const reader = answer.body?.getReader();
    await reader?.read();
    await reader?.cancel();
    await expect(closed.promise).resolves.toBeUndefined();
  });
});

function drip(response: ServerResponse, drops = Number.POSITIVE_INFINITY): void {
  let left = drops;
  const timer = setInterval(() => {
    response.write('.');
    left -= 1;
    if (left === 0) clearInterval(timer);
    if (left === 0) response.end();
  }, 20);
  response.on('close', () => clearInterval(timer));
}

describe('certificates', () => {
  const ours = selfSigned('localhost');

  test('the right one is accepted, from an authority that is known', async () => {
    const port = await listening(https.createServer(ours, (_, response) => response.end('sealed')));
    expect(await (await local({ ca: ours.cert })(`https://localhost:${port}/`)).text()).toBe('sealed');
  });

  test.each([
    ['for another name', selfSigned('other.example'), true],
    ['from an unknown authority', ours, false],
  ])('one %s is refused before anything is sent', async (_what, pair, known) => {
    // The switch that turns verification off for a whole process has no say here.
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    const hits: unknown[] = [];
    const port = await listening(
      https.createServer(pair, (request, response) => response.end(String(hits.push(request)))),
    );
    const fetch = local(known ? { ca: pair.cert } : {});
    const error = await failure(fetch(`https://localhost:${port}/`, { method: 'POST', body: 'secret' }));
    expect([error, hits]).toEqual([expect.objectContaining({ kind: 'unavailable', ambiguous: false }), []]);
  });
});
