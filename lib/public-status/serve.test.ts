import { describe, expect, test } from 'vitest';
import type { PublicStatus } from './model/status';
import { PER_MINUTE, PublicAnswers, type PublicForm } from './serve';

const STATUS: PublicStatus = {
  ...{ schema: 1, at: '2026-11-27T04:00:00.000Z', places: [], releases: [] },
  ...{ incidents: [], maintenances: [], links: null },
};

function served(read = async () => STATUS) {
  const clock = { now: 0, reads: 0 };
  const answers = new PublicAnswers(
    () => {
      clock.reads++;
      return read();
    },
    () => clock.now,
  );
  const get = (ip: string | null = '192.0.2.1', headers: Record<string, string> = {}, form?: PublicForm) =>
    answers.answer(new Request('https://a.dev/status.json', { headers }), ip, form);
  return { answers, clock, get };
}

describe('the public status over HTTP', () => {
  test('is the same reading for a crowd, and another one ten seconds later', async () => {
    const { clock, get } = served();
    const all = await Promise.all(Array.from({ length: 50 }, (_, at) => get(`192.0.2.${at}`)));
    expect(await all[49]?.json()).toEqual(STATUS);
    expect(clock.reads).toBe(1);
    clock.now = 10_000;
    await get();
    expect(clock.reads).toBe(2);
  });

  test('may be read from any site and kept for a moment, and is not sent again to who has it', async () => {
    const { get } = served();
    const first = await get();
    const tag = first.headers.get('etag') ?? '';
    expect(first.headers.get('access-control-allow-origin')).toBe('*');
    expect(first.headers.get('cache-control')).toMatch(/^public, max-age=\d+/);
    expect(first.headers.get('set-cookie')).toBeNull();
    const again = await get(undefined, { 'If-None-Match': `W/${tag}` });
    expect([again.status, await again.text()]).toEqual([304, '']);
    expect((await get(undefined, { 'If-None-Match': `"a", ${tag}` })).status).toBe(304);
    expect((await get(undefined, { 'If-None-Match': '*' })).status).toBe(304);
    expect((await get(undefined, { 'If-None-Match': '"other"' })).status).toBe(200);
  });

  test('one network asks only so often, others are answered, and the next minute is a new one', async () => {
    const { clock, get } = served();
    for (let asked = 0; asked < PER_MINUTE; asked++) expect((await get(`2001:db8::${asked}`)).status).toBe(200);
    const refused = await get('2001:db8::ffff');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '60']);
    expect(((await refused.json()) as { sentence: string }).sentence).toContain('Try again in 60 s');
    expect((await get('2001:db8:1::1')).status).toBe(200);
    clock.now = 60_000;
    expect((await get('2001:db8::1')).status).toBe(200);
  });

  test('a reading that failed is not tried again by everybody, and not kept for long', async () => {
    let down = true;
    const { clock, get } = served(async () => (down ? Promise.reject(new Error('down')) : STATUS));
    for (let asked = 0; asked < 50; asked++) await expect(get()).rejects.toThrow('down');
    expect(clock.reads).toBe(1);
    down = false;
    clock.now = 3_000;
    expect((await get()).status).toBe(200);
  });

  test('a slow reading that fails in the end takes nothing from the newer one', async () => {
    const { promise, reject } = Promise.withResolvers<PublicStatus>();
    let first = true;
    const { clock, get } = served(() => {
      const slow = first;
      first = false;
      return slow ? promise : Promise.resolve(STATUS);
    });
    const slow = get();
    clock.now = 10_000;
    expect((await get()).status).toBe(200);
    reject(new Error('down'));
    await expect(slow).rejects.toThrow('down');
    clock.now = 14_000;
    await get();
    expect(clock.reads).toBe(2);
  });

  test('feeds are of the same reading, each with a type and a tag of its own', async () => {
    const { clock, get } = served();
    const all = [await get(), await get(undefined, {}, 'rss'), await get(undefined, {}, 'feed')];
    expect(all.map(({ headers }) => headers.get('content-type')?.split(';')[0])).toEqual([
      'application/json',
      'application/rss+xml',
      'application/feed+json',
    ]);
    const tags = all.map(({ headers }) => headers.get('etag') ?? '');
    expect([new Set(tags).size, clock.reads]).toEqual([3, 1]);
    expect((await get(undefined, { 'If-None-Match': tags[1] ?? '' }, 'rss')).status).toBe(304);
    expect((await get(undefined, { 'If-None-Match': tags[1] ?? '' }, 'feed')).status).toBe(200);
    // Of another moment, and nothing was said: a reader fetches nothing again.
    clock.now = 10_000;
    expect((await get(undefined, { 'If-None-Match': tags[1] ?? '' }, 'rss')).status).toBe(304);
  });

  test('the pages are drawn with the same reading', async () => {
    const { clock, get, answers } = served();
    expect(await answers.status()).toEqual(STATUS);
    await get();
    expect(clock.reads).toBe(1);
  });
});
