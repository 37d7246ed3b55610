import type { Db } from '@/lib/db/client';
import { galleryNamespaces, galleryOwners, galleryTokens, galleryVersions } from '@/lib/db/schema';
import { sortKeyOf } from '@/lib/gallery/model/listing';
import { extensionIdOf } from '@/lib/gallery/server';
import { sampleListing } from '@/lib/gallery/testing/sample';
import type { Sample } from './sample-inputs';

/** The sample's package is in the gallery too, in a namespace of whoever asks, who has a token for it. */
export async function makeGallery(db: Db, userId: string, tokenId: string): Promise<void> {
  await db.insert(galleryNamespaces).values({ name: 'acme', outline: 'acme' });
  await db.insert(galleryOwners).values({ namespace: 'acme', userId });
  await db.insert(galleryVersions).values({
    ...{ id: 'gal_1', namespace: 'acme', name: 'demo', version: '1.0.0', platform: 'universal' },
    ...{ packageId: 'd'.repeat(64), listing: sampleListing() },
    ...{ sortKey: sortKeyOf('1.0.0'), extensionId: extensionIdOf('acme', 'demo') },
  });
  await db.insert(galleryTokens).values({
    ...{ id: tokenId, userId, name: 'editor', tokenHash: 'e'.repeat(64), last4: 'abcd', scope: 'read' as const },
    expiresAt: new Date(Date.now() + 86_400_000),
  });
}

const extension = { namespace: 'acme', name: 'demo' };
const nothing: Sample = () => ({});
const owner: Sample = (_, { member }) => ({ namespace: 'acme', userId: member.id });

export const GALLERY_SAMPLES: Record<string, Sample> = {
  'gallery.add-owner': owner,
  'gallery.create-namespace': () => ({ namespace: 'another' }),
  'gallery.create-token': () => ({ name: 'laptop', scope: 'read' }),
  'gallery.extension': () => extension,
  'gallery.list': nothing,
  'gallery.namespaces': nothing,
  'gallery.people': nothing,
  'gallery.remove-owner': owner,
  'gallery.revoke-token': (_, { me }) => ({ tokenId: me.tokenId }),
  'gallery.set-keep': () => ({ namespace: 'acme', keep: 5 }),
  'gallery.tokens': nothing,
  'gallery.unyank': () => ({ ...extension, version: '1.0.0' }),
  'gallery.yank': () => ({ ...extension, version: '1.0.0', reason: 'For this test' }),
};
