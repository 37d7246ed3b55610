import { randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { storeOf } from '@/lib/extensions/server';
import { type S3Stand, s3Stand } from '@/lib/extensions/testing/s3-stand';
import { sampleVsix } from '@/lib/extensions/testing/sample-vsix';
import { type GalleryWorld, galleryWorld } from '../testing/world';

const PARTS = {
  ...{ name: 'demo', version: '1.0.0', readme: '# Demo' },
  more: [{ name: 'extension/noise.bin', content: randomBytes(400_000) }],
};
const VSIX = sampleVsix(PARTS);
const AT = '/publishers/acme/vsextensions/demo/1.0.0/vspackage';
const ASSETS = '/publisher/acme/extension/demo/1.0.0/assetbyname/Microsoft.VisualStudio';

describe.each(['folder', 'bucket'])('packages in a %s', (kind) => {
  let world: GalleryWorld;
  let stand: S3Stand;
  let read: string;
  let packageId: string;
  beforeAll(async () => {
    stand = await s3Stand();
    world = await galleryWorld(kind === 'bucket' ? stand.blobs() : undefined);
    ({ packageId } = await world.published(PARTS));
    read = await world.token('ada', 'read');
  });
  afterAll(async () => {
    stand.close();
    await world.close();
  });
  const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    world.ask(`/t/${read}${path}`, { headers, method });
  const bytesOf = async (answer: Response) => Buffer.from(await answer.arrayBuffer());

  test.each([AT, `${ASSETS}.Services.VSIXPackage`, '/api/acme/demo/1.0.0/file/acme.demo-1.0.0.vsix'])(
    'byte for byte, with the length said, at %s',
    async (path) => {
      const whole = await get(path);
      expect([whole.status, whole.headers.get('content-length')]).toEqual([200, String(VSIX.byteLength)]);
      expect((await bytesOf(whole)).equals(VSIX)).toBe(true);
      const head = await get(path, {}, 'HEAD');
      expect([head.status, head.headers.get('content-length')]).toEqual([200, String(VSIX.byteLength)]);
      expect((await get(path, { 'if-none-match': `"${packageId}"` })).status).toBe(304);
    },
  );

  test('zipped once more, and a page of it', async () => {
    const zipped = await get(AT, { 'accept-encoding': 'gzip' });
    expect(gunzipSync(await bytesOf(zipped)).equals(VSIX)).toBe(true);
    expect(String(await bytesOf(await get(`${ASSETS}.Services.Content.Details`)))).toContain('# Demo');
  });

  test('a download that is broken off leaves nothing open', async () => {
    const blobs = storeOf(await world.person('ada'));
    const streams: Readable[] = [];
    const open = blobs.open;
    vi.spyOn(blobs, 'open').mockImplementation(async (...asked) => {
      const opened = await open(...asked);
      if (opened) streams.push(opened.stream);
      return opened;
    });
    for (const path of [AT, AT, `${AT}?install=true`]) {
      const answer = await get(path, { 'accept-encoding': path === AT ? 'gzip' : 'identity' });
      const reader = answer.body?.getReader();
      await reader?.read();
      await reader?.cancel();
    }
    expect(streams).toHaveLength(3);
    await vi.waitFor(() => expect(streams.filter((each) => !each.closed)).toEqual([]));
  });
});
