import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { fetchedDigest } from './fetched-digest';
import { guardedFetch } from './guarded-fetch';
import { createHttpMemory } from './memory';

const ORIGIN = 'https://gallery.example';
const SIZES: Record<string, number> = { '/small': 50, '/larger': 5_000, '/huge': 100 * 1_048_576 + 1 };
const bytesAt = (path: string) => Buffer.alloc(SIZES[path] ?? 0, 7);

test('a package is told by its digest up to 100 MB; of a longer one, of which only a part is read, nothing is said', async () => {
  const fetch = guardedFetch({
    ...{ connectionId: 'conn_a', origin: ORIGIN, memory: createHttpMemory(), maxBytes: 2_000, downloadHosts: ['*'] },
    fetch: async (input, init) => {
      const { pathname, origin, href } = new URL(new Request(input, init).url);
      if (origin === ORIGIN && pathname !== '/absent')
        return new Response(null, { status: 302, headers: { location: href.replace('gallery.', 'cdn.') } });
      return pathname === '/absent' ? new Response(null, { status: 404 }) : new Response(bytesAt(pathname));
    },
  });
  const at = (path: string) => fetchedDigest({ fetch }, `${ORIGIN}${path}`);
  for (const path of ['/small', '/larger'])
    expect(await at(path)).toBe(createHash('sha256').update(bytesAt(path)).digest('hex'));
  expect([await at('/huge'), await at('/absent')]).toEqual([null, null]);
});
