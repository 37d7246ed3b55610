import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { BODY_MS, UPLOAD_MS } from '../model/limits';
import { letUploadsFinish } from './upload-time';

letUploadsFinish();

const PATIENTLY = { timeout: 10_000, interval: 20 };
const open: (Server | Socket)[] = [];
afterEach(() => {
  vi.useRealTimers();
  for (const each of open.splice(0)) 'destroy' in each ? each.destroy() : each.close();
});

/** A request whose body goes on, at a server as Next makes it: how the handler fares, and the connection. */
async function begin(target: string, method = 'POST') {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const seen: { response?: ServerResponse; bytes: number } = { bytes: 0 };
  const server = createServer((request, response) => {
    seen.response = response;
    request.on('error', () => undefined);
    request.on('data', (piece: Buffer) => {
      seen.bytes += piece.byteLength;
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  client.on('error', () => undefined).resume();
  open.push(client, server);
  client.write(`${method} ${target} HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\nx`);
  await vi.waitFor(() => expect(seen.bytes).toBe(1), PATIENTLY);
  const ended = once(client, 'close').then(() => 'ended');
  return { server, client, seen, ended };
}

/** Another byte arrives, after all that was to come before it. */
async function goesOn({ client, seen }: Awaited<ReturnType<typeof begin>>) {
  const { bytes } = seen;
  client.write('x');
  await vi.waitFor(() => expect(seen.bytes).toBe(bytes + 1), PATIENTLY);
}

test.each(['/api/extensions/upload', '/api/v1/extensions/packages?note=x', '/api/gallery/api/-/publish?token=x'])(
  'a package sent to %s may take longer than the five minutes that Node gives, and heads no longer than before',
  async (target) => {
    const begun = await begin(target);
    expect([begun.server.requestTimeout, begun.server.headersTimeout]).toEqual([UPLOAD_MS, 60_000]);
    vi.advanceTimersByTime(3 * BODY_MS);
    await goesOn(begun);
  },
);

test.each(['/api/webhooks/github', '/api/v1/extensions/packages/0/again', '/api/extensions/upload/x'])(
  'any other body, to %s, ends after five minutes, however it comes',
  async (target) => {
    const begun = await begin(target);
    vi.advanceTimersByTime(BODY_MS - 60_000);
    await goesOn(begun);
    vi.advanceTimersByTime(60_000);
    expect(await begun.ended).toBe('ended');
  },
);

test('what is still sent after its answer ends as well', async () => {
  const begun = await begin('/api/v1/extensions/packages');
  begun.seen.response?.writeHead(401).end();
  vi.advanceTimersByTime(BODY_MS);
  expect(await begun.ended).toBe('ended');
});
