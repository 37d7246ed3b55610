import { describe, expect, test } from 'vitest';
import type { PublicStatus } from './model/status';
import { PER_MINUTE, PublicAnswers } from './serve';

const STATUS: PublicStatus = { schema: 1, at: '2026-11-27T04:00:00.000Z', places: [], releases: [] };

function served(read = async () => STATUS) {
  const clock = { now: 0, reads: 0 };
  const answers = new PublicAnswers(
    () => {
      clock.reads++;
      return read();
    },
    () => clock.now,
  );
  const get = (ip: string | null = '192.0.2.1', headers: Record<string, string> = {}) =>
    answers.answer(new Request('https://a.dev/status.json', { headers }), ip);
  return { clock, get };
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

  test('a reading that failed is not kept', async () => {
    let down = true;
    const { get } = served(async () => (down ? Promise.reject(new Error('down')) : STATUS));
    await expect(get()).rejects.toThrow('down');
    down = false;
    expect((await get()).status).toBe(200);
  });
});
