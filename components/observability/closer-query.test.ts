import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { closerQuery } from './closer-query';

const HOUR = 3_600_000;
const AT = Date.UTC(2026, 10, 20);
const now = () => AT + 100 * HOUR;
const span = (from: number, hours = 1) => ({ from: AT + from * HOUR, to: AT + (from + hours) * HOUR });

interface Asked {
  path: string;
  signal: AbortSignal;
  answer: (body: object, status?: number) => void;
}
let asked: Asked[];
let client: QueryClient;
let observer: QueryObserver<unknown>;
let leave: () => void;
const look = (where: ReturnType<typeof span> | null) =>
  observer.setOptions({ ...closerQuery('/api/v1/health?days=7', where, now), retry: false } as never);

beforeEach(() => {
  asked = [];
  client = new QueryClient();
  vi.stubGlobal(
    'fetch',
    (path: string, { signal }: { signal: AbortSignal }) =>
      new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
        asked.push({ path, signal, answer: (body, status = 200) => resolve(Response.json(body, { status })) });
      }),
  );
  observer = new QueryObserver(client, closerQuery('/api/v1/health?days=7', null, now) as never);
  leave = observer.subscribe(() => undefined);
});
afterEach(() => {
  leave();
  client.clear();
  vi.unstubAllGlobals();
});

const settled = () => vi.waitFor(() => expect(observer.getCurrentResult().isFetching).toBe(false));

test('a span is asked for by its ends; nothing is, while the whole is shown', () => {
  expect(asked).toEqual([]);
  look(span(2));
  expect(asked.map(({ path }) => path)).toEqual([
    '/api/v1/health?days=7&from=2026-11-20T02:00:00Z&to=2026-11-20T03:00:00Z',
  ]);
});

test('the next span calls off the one before, and so does the whole', () => {
  look(span(2));
  look(span(4));
  expect(asked.map(({ signal }) => signal.aborted)).toEqual([true, false]);
  look(null);
  expect(asked.map(({ signal }) => signal.aborted)).toEqual([true, true]);
});

test('a span that was read already, or nearly the same one, is not asked for again', async () => {
  look(span(2));
  asked[0]?.answer({ of: 'two' });
  await settled();
  look(null);
  look({ from: span(2).from + 1_000, to: span(2).to - 1_000 });
  await settled();
  expect([asked.length, observer.getCurrentResult().data]).toEqual([1, { of: 'two' }]);
});

test('a refusal is told with its sentence, and takes nothing of what was read before', async () => {
  look(span(0, 9));
  asked[0]?.answer({ of: 'nine' });
  await settled();
  look(span(2));
  asked[1]?.answer({ code: 'too_many', sentence: 'Wait a moment.' }, 429);
  await settled();
  expect(observer.getCurrentResult().error).toMatchObject({ code: 'too_many', sentence: 'Wait a moment.' });
  const kept = client.getQueriesData({ queryKey: ['health', '/api/v1/health?days=7'] }).map(([, data]) => data);
  expect(kept).toContainEqual({ of: 'nine' });
});
