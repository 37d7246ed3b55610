import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { createFeed, type Feed } from '@/lib/realtime/feed';
import { STREAMS_PER_PERSON } from '@/lib/realtime/seats';
import { liveEvents } from './events';
import { type ApiWorld, apiWorld, OWN, stubServerEnv } from './testing/api-world';

let world: ApiWorld;
let feed: Feed;
let token: string;
beforeAll(async () => {
  world = await apiWorld();
  stubServerEnv(world);
  feed = createFeed(world.database, { onError: () => {} });
  const contextFor = (actor: unknown) => ({ ...world.engine, actor });
  vi.stubGlobal('aetherstackRuntime', Promise.resolve({ feed, database: world.database, contextFor }));
  token = await world.token();
});
afterEach(() => {
  vi.restoreAllMocks();
});
afterAll(async () => {
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
  await feed.close();
  await world.close();
});

const ask = (method: 'GET' | 'HEAD', bearer = token) =>
  liveEvents(new Request(`${OWN}/api/v1/events`, { method, headers: { Authorization: `Bearer ${bearer}` } }));

test('HEAD is answered with the headers alone: nobody reads a body, so it takes no seat and listens to nothing', async () => {
  const subscribe = vi.spyOn(feed, 'subscribe');
  for (let n = 0; n <= STREAMS_PER_PERSON; n++) {
    const answer = await ask('HEAD');
    expect([answer.status, answer.body]).toEqual([200, null]);
    expect(answer.headers.get('content-type')).toContain('text/event-stream');
  }
  expect(subscribe).not.toHaveBeenCalled();
  const views = await Promise.all(Array.from({ length: STREAMS_PER_PERSON }, () => ask('GET')));
  expect(views.map(({ status }) => status)).toEqual(views.map(() => 200));
  expect((await ask('GET')).status).toBe(429);
  for (const { body } of views) await body?.cancel();
});

test('HEAD tells nobody else that there is anything', async () => {
  expect((await ask('HEAD', 'aes_nothing')).status).toBe(401);
});
