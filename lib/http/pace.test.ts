import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { guardedFetch } from './guarded-fetch';
import { createHttpMemory } from './memory';
import { PACKAGE_PACE, type Pace, transferMs, watchPace } from './pace';
import { LARGEST_HEADER } from './quota';

const MEGABYTE = 1_048_576;
const ORIGIN = 'https://gallery.example';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] }));
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test('so many bytes may take as long as 2 Mbit/s need for them, and never longer than fits the time to be proven', () => {
  expect(transferMs(1_000, 10_000)).toBe(10_005);
  expect(transferMs(24_000_000, 10_000)).toBe(110_000);
  expect(transferMs(100 * MEGABYTE, 10_000)).toBe(446_907);
  expect(transferMs(1_000 * MEGABYTE, 10_000)).toBe(PACKAGE_PACE.longestMs);
});

function watched(pace: Partial<Pace> = {}) {
  const said: string[] = [];
  const watch = watchPace({ baseMs: 10_000, slowest: 100, quietMs: 5_000, longestMs: 60_000, ...pace }, (why) => {
    said.push(why);
  });
  return { ...watch, said };
}

test('what falls silent is said to be, once; what comes too slowly on average too, and nothing of what is over', () => {
  const silent = watched();
  vi.advanceTimersByTime(4_000);
  silent.came(50);
  vi.advanceTimersByTime(4_000);
  expect(silent.said).toEqual([]);
  vi.advanceTimersByTime(20_000);
  expect(silent.said).toEqual(['silent']);

  const [drips, flows, over] = [watched(), watched(), watched()];
  over.end();
  for (let second = 0; second < 30; second++) {
    drips.came(10);
    flows.came(100);
    vi.advanceTimersByTime(1_000);
  }
  expect([drips.said, flows.said, over.said]).toEqual([['slow'], [], []]);
  for (let second = 0; second < 31; second++) {
    flows.came(1_000_000);
    vi.advanceTimersByTime(1_000);
  }
  expect(flows.said, 'however fast it comes').toEqual(['slow']);
});

/** A guard over an answer whose pieces come when the test says so. */
function rig() {
  let pieces: ReadableStreamDefaultController<Uint8Array> | undefined;
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      pieces = controller;
    },
  });
  const memory = createHttpMemory();
  const fetch = guardedFetch({
    ...{ connectionId: 'conn_a', origin: ORIGIN, memory },
    fetch: async () => new Response(body),
  });
  return {
    fetch,
    memory,
    piece: (bytes: number) => pieces?.enqueue(new Uint8Array(bytes)),
    end: () => pieces?.close(),
  };
}

const large = { headers: { [LARGEST_HEADER]: String(100 * MEGABYTE) } };
/** What is under way in promises goes on. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('a download goes on for minutes as long as it comes, and ends when nothing does', async () => {
  const { fetch, piece, end } = rig();
  const whole = fetch(`${ORIGIN}/package`, large);
  for (let second = 0; second < 200; second++) {
    piece(250_000);
    await settled();
    vi.advanceTimersByTime(1_000);
  }
  end();
  expect((await (await whole).arrayBuffer()).byteLength).toBe(200 * 250_000);

  const { fetch: again, piece: begin, memory } = rig();
  const counted = vi.spyOn(memory.breaker, 'silent');
  const ended = again(`${ORIGIN}/package`, large).catch((error: unknown) => error);
  await settled();
  begin(10 * MEGABYTE);
  await settled();
  vi.advanceTimersByTime(PACKAGE_PACE.quietMs);
  expect(await ended).toMatchObject({ kind: 'unavailable', code: 'timeout', ambiguous: false });
  expect(counted, 'it did answer').not.toHaveBeenCalled();
});

test('a request that carries a package has the time of its size, and any other the usual one', async () => {
  const timeout = vi.spyOn(AbortSignal, 'timeout');
  const fetch = guardedFetch({
    ...{ connectionId: 'conn_a', origin: ORIGIN, memory: createHttpMemory() },
    fetch: async () => Response.json({}),
  });
  await fetch(`${ORIGIN}/publish`, { method: 'POST', body: new Uint8Array(24 * 100_000) });
  await fetch(`${ORIGIN}/publish`, { method: 'POST', body: '{}' });
  await fetch(`${ORIGIN}/version`);
  expect(timeout.mock.calls.map(([ms]) => ms)).toEqual([20_000, 10_001, 10_000]);
});
