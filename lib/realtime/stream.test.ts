import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Actor } from '@/lib/auth/actor';
import type { Feed, FeedEvent } from './feed';
import { eventStream } from './stream';

const reader: Actor = {
  kind: 'user',
  id: 'usr_1',
  name: 'Ana',
  grants: [{ role: 'viewer', environmentPattern: '*' }],
  sessionHash: 'hash',
  ip: null,
};

const listeners = new Set<(event: FeedEvent) => void>();
let replay: Feed['replay'];
const feed = {
  subscribe: (listener: (event: FeedEvent) => void) => {
    listeners.add(listener);
    return { cursor: '1-1', stop: () => listeners.delete(listener) };
  },
  replay: (from: string, until: string) => replay(from, until),
} as unknown as Feed;

const unhandled: unknown[] = [];
const onUnhandled = (reason: unknown) => unhandled.push(reason);
beforeEach(() => {
  replay = async () => [];
  unhandled.length = 0;
  process.on('unhandledRejection', onUnhandled);
});
afterEach(() => {
  process.off('unhandledRejection', onUnhandled);
  listeners.clear();
});

/** Lets every promise that is settled by now run its handlers, and Node report those without one. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

function open(more: { lastEventId?: string; stillAllowed?: () => Promise<Actor | null> } = {}) {
  const leave = new AbortController();
  const stream = eventStream({
    feed,
    actor: reader,
    lastEventId: more.lastEventId ?? null,
    signal: leave.signal,
    stillAllowed: more.stillAllowed ?? (async () => reader),
    heartbeatMs: 1,
  });
  return { leave, reading: stream.getReader() };
}

describe('a live stream', () => {
  test('that is left while its session is being checked ends quietly', async () => {
    let asked = () => {};
    const isAsked = new Promise<void>((resolve) => {
      asked = resolve;
    });
    let answer = (_: Actor) => {};
    const { leave, reading } = open({
      stillAllowed: () => {
        asked();
        return new Promise((resolve) => {
          answer = resolve;
        });
      },
    });
    await reading.read();
    await isAsked;
    leave.abort();
    answer(reader);
    await turn();
    expect(unhandled).toEqual([]);
    expect(listeners.size).toBe(0);
  });

  test('says once that the database is away and once that it is back, and turns nobody out meanwhile', async () => {
    const answers: (Actor | Error)[] = [new Error('away'), new Error('away'), reader, reader];
    const { leave, reading } = open({
      stillAllowed: async () => {
        const next = answers.shift() ?? reader;
        if (next instanceof Error) throw next;
        return next;
      },
    });
    const decoder = new TextDecoder();
    const said: string[] = [];
    while (said.length < 5)
      said.push(
        decoder
          .decode((await reading.read()).value)
          .replace(/\ndata: \{\}|retry.*\n|id.*\n/g, '')
          .trim(),
      );
    expect(said).toEqual(['event: hello', 'event: away', ': beat', 'event: back', ': beat']);
    leave.abort();
    await turn();
  });

  test('whose missed events cannot be read starts afresh instead of breaking', async () => {
    replay = async () => {
      throw new Error('The database is away.');
    };
    const { leave, reading } = open({ lastEventId: '1-1' });
    const decoder = new TextDecoder();
    expect(decoder.decode((await reading.read()).value)).toContain('event: hello');
    expect(decoder.decode((await reading.read()).value)).toContain('event: reset');
    leave.abort();
    await turn();
    expect(unhandled).toEqual([]);
    expect(listeners.size).toBe(0);
  });

  test('is written once for all who see it', async () => {
    const all = [open(), open()];
    for (const { reading } of all) await reading.read();
    await turn();
    const event = { cursor: '1-2', topic: 'deployment', kind: 'news', environment: null } as FeedEvent;
    for (const tell of listeners) tell(event);
    const heard = all.map(async ({ reading }) => {
      for (;;) {
        const { value } = await reading.read();
        if (new TextDecoder().decode(value).includes('"news"')) return value;
      }
    });
    const [first, second] = await Promise.all(heard);
    expect(first).toBe(second);
    for (const { leave } of all) leave.abort();
  });

  test('of somebody who has gone already holds nothing', async () => {
    const gone = new AbortController();
    gone.abort();
    const options = { feed, actor: reader, lastEventId: null, stillAllowed: async () => reader };
    const { done } = await eventStream({ ...options, signal: gone.signal })
      .getReader()
      .read();
    expect(done).toBe(true);
    expect(listeners.size).toBe(0);
  });
});
