import { afterAll, beforeAll, expect, test } from 'vitest';
import { galleryTokens } from '@/lib/db/schema';
import { type GalleryWorld, galleryWorld } from '@/lib/gallery/testing/world';
import { Secret } from '@/lib/kernel/secret';
import { provider } from '@/lib/providers/private-gallery/adapter';
import { ownGallery } from './own-gallery';

let world: GalleryWorld;
beforeAll(async () => {
  world = await galleryWorld();
});
afterAll(() => world.close());

test('the end of a gallery token is told where its connection is checked, so that credentials show it', async () => {
  const token = new Secret(await world.token('ada', 'publish'));
  const ctx = await world.person('ada');
  const report = await provider.verifyCredential(
    {
      ...{ connectionId: 'con_own', origin: provider.manifest.defaultOrigin, now: () => 0 },
      ...{ credential: { kind: 'token', token }, fetch: () => Promise.reject(new Error('No request may leave.')) },
      ownGallery: ownGallery(() => ctx),
    },
    [],
  );
  const [kept] = await world.database.db.select().from(galleryTokens);
  expect(report).toMatchObject({ ok: true, scopes: ['publish'], expiresAt: kept?.expiresAt.toISOString() });
});
