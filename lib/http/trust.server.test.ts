import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { guardedFetch } from './guarded-fetch';
import { createHttpMemory } from './memory';
import { createSafeFetch } from './safe-fetch';
import { type CertifiedKey, makeAuthority, selfSigned, signedBy } from './testing/certificate';

// Real TLS servers on this machine; authorities and certificates are made here.

const open: https.Server[] = [];
let hits: string[] = [];

async function serve(pair: CertifiedKey, answer: (url: string) => [number, Record<string, string>] = () => [200, {}]) {
  const server = https.createServer(pair, (request, response) => {
    hits.push(`${request.headers.authorization ?? 'nobody'} ${request.url}`);
    response.writeHead(...answer(request.url ?? '')).end('sealed');
  });
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

afterEach(async () => {
  vi.unstubAllEnvs();
  hits = [];
  for (const server of open.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

const ours = makeAuthority('Acme Root');
const theirs = makeAuthority('Other Root');
// One transport for all connections of a process, as the composition root makes it.
const transport = createSafeFetch({ allowLoopback: true, resolve: async () => [{ address: '127.0.0.1', family: 4 }] });

function connection(port: number, authorities: string | null, more: { tokenOrigins?: string[] } = {}) {
  const origin = `https://localhost:${port}`;
  const options = { connectionId: 'con_1', origin, authorities, memory: createHttpMemory(), fetch: transport };
  const fetch = guardedFetch({ ...options, ...more, downloadHosts: ['*'], writesPerMinute: 1_000 });
  const send = { headers: { authorization: 'canary-credential' } };
  return (path = '/', init: RequestInit = {}) =>
    fetch(URL.canParse(path) ? path : `${origin}${path}`, { ...send, ...init });
}
const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => expect.fail('it should have failed'),
    (error: unknown) => error,
  );
const untrusted = { kind: 'unavailable', code: 'certificate_untrusted', ambiguous: false };

describe('a connection with an authority of its own', () => {
  test('reaches its server; without it, with another, or beside such a connection it does not, and nothing is sent', async () => {
    const port = await serve(signedBy(ours, 'localhost'));
    const good = connection(port, ours.cert);
    expect(await (await good('/a')).text()).toBe('sealed');
    expect(await (await good('/b', { method: 'POST', body: 'x' })).text()).toBe('sealed');
    hits = [];
    // A connection of the first one is kept open now; the others must not come by it.
    for (const others of [null, theirs.cert]) {
      const ask = connection(port, others);
      expect(await failure(ask('/c'))).toMatchObject(untrusted);
      expect(await failure(ask('/d', { method: 'POST', body: 'x' }))).toMatchObject(untrusted);
    }
    expect(hits).toEqual([]);
    expect(await (await connection(port, `${theirs.cert}${ours.cert}`)('/e')).text(), 'one of several').toBe('sealed');
  });

  test('does not take a server whose certificate is for another name or over, whatever the process was told', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    const elsewhere = await serve(signedBy(ours, 'other.example'));
    const over = await serve(signedBy(ours, 'localhost', new Date('2021-01-01T00:00:00Z')));
    const found = [
      await failure(connection(elsewhere, ours.cert)('/', { method: 'POST', body: 'x' })),
      await failure(connection(over, ours.cert)()),
    ];
    expect(found).toMatchObject([
      { code: 'certificate_name', ambiguous: false },
      { code: 'certificate_dates', ambiguous: false },
    ]);
    expect(hits).toEqual([]);
  });

  test('an authority that is over vouches for nobody', async () => {
    const past = makeAuthority('Past Root', { until: new Date('2021-01-01T00:00:00Z') });
    const port = await serve(signedBy(past, 'localhost'));
    expect(await failure(connection(port, past.cert)())).toMatchObject({ code: 'certificate_dates' });
  });

  test('an intermediate, or the certificate of the server itself, is enough', async () => {
    const between = makeAuthority('Acme Between', { by: ours });
    const port = await serve(signedBy(between, 'localhost'));
    expect(await (await connection(port, between.cert)()).text()).toBe('sealed');
    expect(await failure(connection(port, ours.cert)()), 'the server does not send it along').toMatchObject(untrusted);
    const alone = selfSigned('localhost');
    expect(await (await connection(await serve(alone), alone.cert)()).text()).toBe('sealed');
  });

  test('says nothing of the certificates in what went wrong', async () => {
    const port = await serve(signedBy(ours, 'localhost'));
    const error = await failure(connection(port, theirs.cert)());
    expect(String(error)).toContain('localhost shows a certificate');
    expect(JSON.stringify([error, String(error), (error as Error).stack])).not.toMatch(/CERTIFICATE|MII|Root/);
  });
});

describe('its authorities count', () => {
  test('alone at its own address: who could sign for the usual ones cannot sign for it', async () => {
    const { tlsOf, trustFor } = await import('./trust');
    const own = trustFor({ origin: 'https://own.example/api', authorities: ours.cert }, 'https://own.example/x');
    expect(tlsOf(own).ca).toEqual([ours.cert]);
    const away = trustFor({ origin: 'https://own.example/api', authorities: ours.cert }, 'https://away.example/x');
    const both = tlsOf(away).ca ?? [];
    expect([both.length > 50, both.at(-1)]).toEqual([true, ours.cert]);
    expect(trustFor({ origin: 'https://own.example', authorities: null }, 'https://own.example/x')).toBeUndefined();
    expect(tlsOf(undefined)).toEqual({});
  });

  test('also where it is sent on to: a token service and a download, which gets no credential', async () => {
    const store = await serve(signedBy(ours, 'localhost'));
    const home = await serve(signedBy(ours, 'localhost'), (url) =>
      url === '/blob' ? [307, { location: `https://localhost:${store}/bytes` }] : [200, {}],
    );
    const tokenOrigin = `https://localhost:${store}`;
    const ask = connection(home, ours.cert, { tokenOrigins: [tokenOrigin] });
    expect((await ask('/blob')).status).toBe(200);
    expect((await ask(`${tokenOrigin}/token`)).status).toBe(200);
    expect(hits).toEqual(['canary-credential /blob', 'nobody /bytes', 'canary-credential /token']);
    expect(await failure(connection(home, null)('/blob'))).toMatchObject(untrusted);
  });
});
