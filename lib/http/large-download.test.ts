import { expect, test } from 'vitest';
import { CUT_HEADER, guardedFetch } from './guarded-fetch';
import { createHttpMemory } from './memory';
import { LARGEST_HEADER } from './quota';

const ORIGIN = 'https://api.vendor.example';

test('a file may be larger than other answers; it is fetched anew each time, without the credential, and the mark stays here', async () => {
  const sent: Request[] = [];
  const fetch = guardedFetch({
    ...{ connectionId: 'conn_a', origin: ORIGIN, memory: createHttpMemory(), maxBytes: 20 },
    downloadHosts: ['*.store.example'],
    fetch: async (input, init) => {
      const request = new Request(input, init);
      sent.push(request);
      return request.url.startsWith(ORIGIN)
        ? new Response(null, { status: 302, headers: { location: 'https://a.store.example/file' } })
        : new Response('x'.repeat(100), { headers: { etag: '"one"' } });
    },
  });
  const get = (largest?: string) =>
    fetch(`${ORIGIN}/file`, {
      headers: { authorization: 'token s3cret', ...(largest ? { [LARGEST_HEADER]: largest } : {}) },
    });
  for (const each of [await get('100'), await get('100')]) {
    expect(each.headers.has(CUT_HEADER)).toBe(false);
    expect((await each.arrayBuffer()).byteLength).toBe(100);
  }
  expect(sent.map(({ url }) => new URL(url).host)).toEqual([
    'api.vendor.example',
    'a.store.example',
    'api.vendor.example',
    'a.store.example',
  ]);
  expect(sent.flatMap(({ headers }) => [headers.has(LARGEST_HEADER), headers.has('if-none-match')])).not.toContain(
    true,
  );
  expect(sent.filter(({ headers }) => headers.has('authorization')).every(({ url }) => url.startsWith(ORIGIN))).toBe(
    true,
  );
  expect((await get('99')).headers.has(CUT_HEADER), 'one byte more is cut').toBe(true);
  expect((await get()).headers.has(CUT_HEADER), 'without the mark the limit stays').toBe(true);
});
