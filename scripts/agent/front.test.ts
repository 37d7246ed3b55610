import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { serveFiles } from './files.mjs';
import { startFront } from './front.mjs';

const home = mkdtempSync(path.join(os.tmpdir(), 'aetherstack-front-'));
const seen: (string | undefined)[][] = [];
const INNER = 'GET /evil HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 6.6.6.6\r\n\r\n';
const CHUNKED = `${INNER.length.toString(16)}\r\n${INNER}\r\n0\r\n\r\n`;
const release = http.createServer((request, response) => {
  seen.push([request.method, request.url]);
  if (request.url === '/stream') response.write('x');
  else request.on('end', () => response.end(`for ${request.url}`)).resume();
});
let front: http.Server;
let port = 0;
const listening = async (server: net.Server) => {
  if (!server.listening) await new Promise<void>((resolve) => server.once('listening', () => resolve()));
  return (server.address() as AddressInfo).port;
};
/** What is answered to these bytes until the other side ends or `enough` was read. */
const raw = (to: number, text: string, enough = /\0/) =>
  new Promise<string>((resolve) => {
    let all = '';
    const socket = net.connect(to, '127.0.0.1', () => socket.write(text));
    socket.on('error', () => resolve(all)).on('close', () => resolve(all));
    socket.on('data', (piece) => {
      all += piece;
      if (enough.test(all)) socket.destroy();
    });
  });
const get = async (at: string, headers = {}) => {
  const answer = await fetch(`http://127.0.0.1:${port}${at}`, { headers });
  return { status: answer.status, text: at === '/stream' ? '' : await answer.text() };
};

beforeAll(async () => {
  for (const part of ['releases/r', 'run']) mkdirSync(path.join(home, part), { recursive: true });
  symlinkSync('releases/r', path.join(home, 'current'));
  release.listen(0, '127.0.0.1');
  writeFileSync(path.join(home, 'run', 'r.json'), JSON.stringify({ port: await listening(release) }));
  front = startFront({ home, host: '127.0.0.1', port: 0, tls: null }) as http.Server;
  port = await listening(front);
});
beforeEach(() => {
  seen.length = 0;
});
afterAll(() => {
  for (const server of [front, release]) {
    server.closeAllConnections();
    server.close();
  }
  rmSync(home, { recursive: true });
});

describe('a request stays one request on its way to the release', () => {
  it.each([
    ['GET', 'Transfer-Encoding: chunked', CHUNKED],
    ['DELETE', 'Transfer-Encoding: chunked', CHUNKED],
    ['OPTIONS', 'Transfer-Encoding: chunked', CHUNKED],
    ['GET', `Content-Length: ${INNER.length}\r\nConnection: content-length`, INNER],
    ['POST', 'Transfer-Encoding: chunked\r\nConnection: transfer-encoding', CHUNKED],
  ])('%s with a body under “%s”', async (method, framing, sent) => {
    expect(await raw(port, `${method} /a HTTP/1.1\r\nHost: x\r\n${framing}\r\n\r\n${sent}`, /for \/a/)).toContain(
      'for /a',
    );
    expect((await get('/victim')).text).toBe('for /victim');
    expect(seen).toEqual([
      [method, '/a'],
      ['GET', '/victim'],
    ]);
  });

  it('a framing that is not understood is refused and the connection ends', async () => {
    const text = `POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n${CHUNKED}`;
    expect(await raw(port, text)).toMatch(/^HTTP\/1\.1 400 /);
    expect(seen).toEqual([]);
  });

  it('nothing goes on behind an upgrade that the release did not take', async () => {
    const text = `GET /b HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: foo\r\n\r\n${INNER}`;
    expect(await raw(port, text)).toContain('for /b');
    const body = `GET /c HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: foo\r\nContent-Length: 5\r\n\r\nhello`;
    expect(await raw(port, body)).toMatch(/^HTTP\/1\.1 400 /);
    expect(seen).toEqual([['GET', '/b']]);
  });
});

describe('the server of a static export', () => {
  it('answers 400 to an address that is none, and goes on', async () => {
    const folder = path.join(home, 'releases', 'r');
    writeFileSync(path.join(folder, 'index.html'), 'hi');
    const files = serveFiles({ folder, basePath: '', port: 0 });
    const at = await listening(files);
    expect(await raw(at, 'GET // HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).toMatch(/^HTTP\/1\.1 (200|400) /);
    expect(await raw(at, 'GET /%zz? HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).toMatch(/^HTTP\/1\.1 404 /);
    expect(await raw(at, 'GET /?a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).toMatch(/ 200 [\s\S]*hi$/);
    files.close();
  });

  it('lets go of a file when its visitor leaves', async () => {
    const folder = path.join(home, 'releases', 'r');
    writeFileSync(path.join(folder, 'big.bin'), Buffer.alloc(5_000_000));
    const files = serveFiles({ folder, basePath: '', port: 0 });
    const at = await listening(files);
    const fds = () => readdirSync('/proc/self/fd').length;
    const before = fds();
    for (let n = 0; n < 30; n++) await raw(at, 'GET /big.bin HTTP/1.1\r\nHost: x\r\n\r\n', /200 OK/);
    await expect.poll(fds, { timeout: 3_000 }).toBeLessThan(before + 10);
    files.close();
  });
});
