import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type net from 'node:net';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import tls from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readPair } from './certificates.mjs';
import { startFront } from './front.mjs';
import { askFront, HEADER } from './front-proof.mjs';

const home = mkdtempSync(path.join(os.tmpdir(), 'aetherstack-limits-'));
const KEY = 'a'.repeat(64);
const seen: (string | undefined)[] = [];
const release = http.createServer((request, response) => {
  seen.push(request.headers[HEADER] as string | undefined);
  if (request.url === '/never') return;
  if (request.url === '/stream') response.write('x');
  else response.end('well');
});
const open: http.Server[] = [];
const portOf = async (server: net.Server) => {
  if (!server.listening) await new Promise<void>((resolve) => server.once('listening', () => resolve()));
  return (server.address() as AddressInfo).port;
};
async function front(more: object = {}) {
  const server = startFront({ home, host: '127.0.0.1', port: 0, tls: null, key: KEY, ...more }) as http.Server;
  open.push(server);
  return { server, port: await portOf(server) };
}
const held: http.ClientRequest[] = [];
/** The status of a request; one for `/stream` stays open. */
const ask = (port: number, at: string, headers: Record<string, string> = {}) =>
  new Promise<number>((resolve) => {
    const request = http.get({ host: '127.0.0.1', port, path: at, headers, agent: false }, (answer) => {
      resolve(answer.statusCode ?? 0);
      answer.on('error', () => undefined).resume();
    });
    request.on('error', () => resolve(0));
    held.push(request);
  });
const from = (address: string) => ({ 'x-forwarded-for': address });

beforeAll(async () => {
  for (const part of ['releases/r', 'run']) mkdirSync(path.join(home, part), { recursive: true });
  symlinkSync('releases/r', path.join(home, 'current'));
  release.listen(0, '127.0.0.1');
  for (const name of ['r', 'next'])
    writeFileSync(path.join(home, 'run', `${name}.json`), JSON.stringify({ port: await portOf(release) }));
});
afterEach(() => {
  for (const request of held.splice(0)) request.destroy();
  for (const server of open.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});
afterAll(() => {
  release.closeAllConnections();
  release.close();
  rmSync(home, { recursive: true });
});

describe('what one visitor can take from the others', () => {
  it('is a few requests: more are answered 503 at once, and everybody else as ever', async () => {
    const { port } = await front({ limits: { perAddress: 3 } });
    const streams = await Promise.all([1, 2, 3].map(() => ask(port, '/stream', from('6.6.6.6'))));
    expect(streams).toEqual([200, 200, 200]);
    expect(await ask(port, '/', from('6.6.6.6'))).toBe(503);
    expect(await ask(port, '/', from('7.7.7.7'))).toBe(200);
    held[0]?.destroy();
    await expect.poll(() => ask(port, '/', from('6.6.6.6')), { timeout: 2_000 }).toBe(200);
  });

  it('is no more from many addresses of one network', async () => {
    const { port } = await front({ limits: { perAddress: 1 } });
    expect(await ask(port, '/stream', from('2001:db8:1:2::5'))).toBe(200);
    expect(await ask(port, '/', from('2001:db8:1:2::6'))).toBe(503);
    expect(await ask(port, '/', from('2001:db8:1:3::6'))).toBe(200);
    // However short the form is.
    expect(await ask(port, '/stream', from('2001:db8::1'))).toBe(200);
    expect(await ask(port, '/', from('2001:db8::2'))).toBe(503);
    expect(await ask(port, '/', from('2001:db8:0:0:1::'))).toBe(503);
  });

  it('has an end for all of them together, and the agent is answered all the same', async () => {
    const { port } = await front({ limits: { requests: 1 } });
    expect(await ask(port, '/stream', from('1.1.1.1'))).toBe(200);
    expect(await ask(port, '/', from('2.2.2.2'))).toBe(503);
    const settings = { host: '127.0.0.1', port, tls: null };
    expect(await askFront(settings, KEY, { health: { path: '/', timeoutMs: 2_000 } } as never)).toBe(true);
  });

  it('a release that never answers is told to the visitor, and holds no place', async () => {
    const { port } = await front({ limits: { requests: 1, answerMs: 100 } });
    expect(await ask(port, '/never', from('1.1.1.1'))).toBe(504);
    await expect.poll(() => ask(port, '/', from('1.1.1.1')), { timeout: 2_000 }).toBe(200);
  });

  it('an event stream is no answer that is late', async () => {
    const { port } = await front({ limits: { answerMs: 50 } });
    const answer = await fetch(`http://127.0.0.1:${port}/stream`);
    const reader = answer.body?.getReader();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('x');
    await ask(port, '/never', from('9.9.9.9'));
    const end = await Promise.race([reader?.read().then(() => 'ended'), ask(port, '/').then(() => 'open')]);
    expect(end).toBe('open');
    await reader?.cancel();
  });
});

describe('whether visitors get this app', () => {
  const more = (release = '') => ({ release, health: { path: '/', timeoutMs: 2_000 } }) as never;
  it('is told by the front alone, for what is live and for what may be next', async () => {
    const { port } = await front();
    const at = { host: '127.0.0.1', port, tls: null };
    expect([await askFront(at, KEY, more()), await askFront(at, KEY, more('next'))]).toEqual([true, true]);
    expect(await askFront(at, 'b'.repeat(64), more()), 'the front of another app').toBe(false);
    expect(await askFront({ ...at, port: await portOf(release) }, KEY, more()), 'another program').toBe(false);
    expect(await askFront({ ...at, port: 1 }, KEY, more()), 'nobody').toBe(false);
  });

  it('nobody else’s question reaches a release that is not live, nor does the agent’s own header', async () => {
    const { port } = await front();
    seen.length = 0;
    expect(await ask(port, '/', { [HEADER]: `${'0'.repeat(32)}.next.${'0'.repeat(64)}` })).toBe(200);
    expect(await ask(port, '/', { [HEADER]: 'ü' })).toBe(200);
    expect(seen).toEqual([undefined, undefined]);
  });
});

describe('a certificate', () => {
  const make = (name: string) => {
    const [cert, key] = [path.join(home, `${name}.pem`), path.join(home, `${name}.key`)];
    const subject = ['-subj', `/CN=${name}`, '-days', '2', '-nodes', '-keyout', key, '-out', cert];
    const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
    execFileSync('openssl', ['req', '-x509', ...kind, ...subject], { stdio: 'ignore' });
    return { cert, key };
  };
  const nameAt = (port: number) =>
    new Promise<string>((resolve) => {
      const socket = tls.connect({ host: '127.0.0.1', port, rejectUnauthorized: false }, () => {
        resolve(String(socket.getPeerCertificate().subject.CN));
        socket.destroy();
      });
    });

  it('that was renewed counts without a restart; half of a pair changes nothing', async () => {
    const [one, two] = [make('one'), make('two')];
    const pair = { cert: path.join(home, 'live.pem'), key: path.join(home, 'live.key') };
    const put = (from: typeof pair) => {
      copyFileSync(from.cert, pair.cert);
      copyFileSync(from.key, pair.key);
    };
    put(one);
    const { port } = await front({ tls: pair, followMs: 50 });
    expect(await nameAt(port)).toBe('one');
    copyFileSync(two.cert, pair.cert);
    expect(() => readPair(pair)).toThrow();
    expect(await nameAt(port)).toBe('one');
    put(two);
    await expect.poll(() => nameAt(port), { timeout: 4_000 }).toBe('two');
  });
});
