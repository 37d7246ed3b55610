import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { packageSeats } from '@/lib/db/schema';
import { memoryBlobs } from '@/lib/extensions/testing/memory-blobs';
import { factsOf } from '@/lib/pipeline/request';
import { handleApi } from './handle';
import { ROUTES } from './routes';
import { type ApiWorld, apiWorld, OWN } from './testing/api-world';

let world: ApiWorld;
let token = '';
beforeAll(async () => {
  world = await apiWorld();
  world.engine.blobs = memoryBlobs();
  token = await world.token();
});
afterEach(() => void vi.useRealTimers());
afterAll(() => world.close());

const PATIENTLY = { timeout: 10_000, interval: 20 };
const still = () => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
const seats = () => world.database.db.$count(packageSeats, eq(packageSeats.seat, 1));

/** The upload of the API, its body as it comes. */
function upload(body: ReadableStream | IncomingMessage): Promise<Response> {
  const route = ROUTES.find(({ kind }) => kind === 'upload') ?? expect.fail('no upload');
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' };
  const init = { method: 'POST', headers, body, duplex: 'half' } as unknown as RequestInit;
  const request = new Request(`${OWN}/api/v1/extensions/packages`, init);
  const contextFor = (actor: typeof world.engine.actor, requestId: string) => ({ ...world.engine, actor, requestId });
  const cookieActor = async () => ({ kind: 'anonymous', name: 'anonymous', ip: null }) as const;
  return handleApi(route, request, {}, { facts: factsOf(request.headers, 1), ownOrigin: OWN, cookieActor, contextFor });
}

/** Time passes until it is over: by the clock of the upload, which begins when it is read. */
async function inTime<T>(work: Promise<T>): Promise<T> {
  let isOver = false;
  void work.finally(() => {
    isOver = true;
  });
  const passed = () => {
    vi.advanceTimersByTime(5_000);
    expect(isOver).toBe(true);
  };
  await vi.waitFor(passed, PATIENTLY);
  return work;
}

test('a client that sends nothing for 20 s is answered so, and its place is free again', async () => {
  still();
  const answered = upload(new ReadableStream({ pull: () => new Promise(() => undefined) }));
  await vi.waitFor(async () => expect(await seats()).toBe(1), PATIENTLY);
  const answer = await inTime(answered);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([408, 'application/problem+json']);
  expect(answer.headers.get('connection')).toBe('close');
  expect(await answer.json()).toMatchObject({ code: 'upload_too_slow', detail: expect.stringContaining('20 seconds') });
  expect(await seats()).toBe(0);
});

test('one whose bytes only drip is ended as well, by their rate', async () => {
  still();
  // As much as is read ahead, so that each is asked for when the one before is through.
  const drop = new Uint8Array(65_536);
  const pull = (drops: ReadableStreamDefaultController<Uint8Array>) => {
    vi.advanceTimersByTime(9_000);
    drops.enqueue(drop);
  };
  const answer = await upload(new ReadableStream({ pull }, { highWaterMark: 0 }));
  expect(await answer.json()).toMatchObject({ status: 408, detail: expect.stringContaining('32 kB a second') });
  expect(await seats()).toBe(0);
});

test('the answer reaches whoever stays silent, and the connection ends behind it', async () => {
  still();
  const server = createServer((incoming, outgoing) => {
    void upload(incoming).then(async (answer) => {
      outgoing.writeHead(answer.status, Object.fromEntries(answer.headers));
      outgoing.end(await answer.text());
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  client.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n');
  let heard = '';
  client.on('data', (piece) => {
    heard += String(piece);
  });
  await vi.waitFor(async () => expect(await seats()).toBe(1), PATIENTLY);
  await inTime(new Promise((resolve) => client.on('close', resolve)));
  expect(heard).toContain('HTTP/1.1 408');
  expect(heard).toContain('upload_too_slow');
  await new Promise((done) => server.close(done));
});
