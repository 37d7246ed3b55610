import { eq } from 'drizzle-orm';
import type { DbOrTx } from '@/lib/db/client';
import { connections } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { catalog } from '@/lib/providers/catalog.generated';
import type { ComponentImage } from '../model/image-source';

/** The columns that say where the images are; none when that is left as it is. Throws `invalid`. */
export async function imageColumns(tx: DbOrTx, image: ComponentImage | null | undefined) {
  if (image === undefined) return {};
  if (image === null) return { imageConnectionId: null, image: null };
  const connection = await tx.query.connections.findFirst({ where: eq(connections.id, image.connectionId) });
  const manifest =
    connection && Object.hasOwn(catalog, connection.providerId) ? catalog[connection.providerId] : undefined;
  if (!manifest?.capabilities.images) {
    const sentence = 'There is no such registry. Choose another, or add one under Connections.';
    throw new ServiceError('invalid', 'connection_unknown', sentence, { 'image.connectionId': 'Choose a registry.' });
  }
  return { imageConnectionId: image.connectionId, image: image.source };
}
