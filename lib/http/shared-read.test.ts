import { expect, test } from 'vitest';
import { guardedFetch } from './guarded-fetch';
import { createHttpMemory } from './memory';
import { IMMUTABLE_HEADER } from './quota';

const ORIGIN = 'https://api.vendor.example';

/** A vendor that says how often it was asked, and answers when it is let. */
function rig() {
  const sent: { url: string; authorization: string | null; marked: boolean }[] = [];
  const gate = Promise.withResolvers<void>();
  const fetch = guardedFetch({
    connectionId: 'conn_a',
    origin: ORIGIN,
    memory: createHttpMemory(),
    fetch: async (input, init) => {
      const { url, headers } = new Request(input, init);
      sent.push({ url, authorization: headers.get('authorization'), marked: headers.has(IMMUTABLE_HEADER) });
      await gate.promise;
      return Response.json({ n: sent.length }, { headers: { etag: '"v"' } });
    },
  });
  return { sent, fetch, letGo: () => gate.resolve() };
}

test('a hundred same reads at once are two requests: the one under way, and one that begins after all of them asked', async () => {
  const { sent, fetch, letGo } = rig();
  const answers = Promise.all(Array.from({ length: 100 }, () => fetch(`${ORIGIN}/a`).then((each) => each.json())));
  await expect.poll(() => sent.length).toBe(1);
  letGo();
  const seen = (await answers) as { n: number }[];
  expect(sent).toHaveLength(2);
  expect(seen.map(({ n }) => n)).toEqual([1, ...Array.from({ length: 99 }, () => 2)]);
});

test('another address, credential or verb is a request of its own', async () => {
  const { sent, fetch, letGo } = rig();
  letGo();
  await Promise.all([
    fetch(`${ORIGIN}/a`, { headers: { authorization: 'token one' } }),
    fetch(`${ORIGIN}/a`, { headers: { authorization: 'token two' } }),
    fetch(`${ORIGIN}/b`, { headers: { authorization: 'token one' } }),
    fetch(`${ORIGIN}/a`, { method: 'POST' }),
    fetch(`${ORIGIN}/a`, { method: 'POST' }),
  ]);
  expect(sent).toHaveLength(5);
});

test('who gives up gets away; the others still get their answer', async () => {
  const { sent, fetch, letGo } = rig();
  const first = fetch(`${ORIGIN}/a`);
  await expect.poll(() => sent.length).toBe(1);
  const leave = new AbortController();
  const second = fetch(`${ORIGIN}/a`, { signal: leave.signal });
  const third = fetch(`${ORIGIN}/a`);
  leave.abort();
  await expect(second).rejects.toMatchObject({ kind: 'unavailable', code: 'aborted', ambiguous: false });
  letGo();
  expect([await (await first).json(), await (await third).json()]).toEqual([{ n: 1 }, { n: 2 }]);
});

test('what an adapter says cannot change is asked once, and the mark stays here', async () => {
  const { sent, fetch, letGo } = rig();
  letGo();
  const immutable = { headers: { [IMMUTABLE_HEADER]: '1' } };
  for (let i = 0; i < 3; i++) expect(await (await fetch(`${ORIGIN}/c`, immutable)).json()).toEqual({ n: 1 });
  expect(sent.map(({ marked }) => marked)).toEqual([false]);
  expect(await (await fetch(`${ORIGIN}/c`)).json()).toEqual({ n: 2 });
});

test('a pause that the first of them is told binds those who wait for the next round', async () => {
  let sent = 0;
  const fetch = guardedFetch({
    connectionId: 'conn_a',
    origin: ORIGIN,
    memory: createHttpMemory(),
    fetch: async () => {
      sent += 1;
      return new Response('slow down', { status: 429, headers: { 'retry-after': '60' } });
    },
  });
  const both = await Promise.allSettled([fetch(`${ORIGIN}/a`), fetch(`${ORIGIN}/a`)]);
  expect(sent).toBe(1);
  expect(both[1]).toMatchObject({ status: 'rejected', reason: { kind: 'rateLimited' } });
});

test('of a hundred different reads ten are under way at a time, and all of them are answered', async () => {
  let now = 0;
  let most = 0;
  const fetch = guardedFetch({
    connectionId: 'conn_a',
    origin: ORIGIN,
    memory: createHttpMemory(),
    fetch: async () => {
      now += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => setImmediate(resolve));
      now -= 1;
      return Response.json({});
    },
  });
  const all = await Promise.all(Array.from({ length: 100 }, (_, n) => fetch(`${ORIGIN}/${n}`)));
  expect([all.filter((each) => each.ok).length, most]).toEqual([100, 10]);
});
