import { and, eq, ne, sql } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { deployments, extensionPackages, extensionPublications } from '@/lib/db/schema';
import { requireTarget } from '@/lib/deployments/server/rows';
import { ServiceError } from '@/lib/kernel/errors';
import { catalog } from '@/lib/providers/catalog.generated';
import { type AnyProvider, capability, type NamespaceStanding, ProviderError } from '@/lib/providers/port';
import type { PlaceView } from '../model/view';
import { publisherOf } from './namespace';

const manifests: Readonly<Record<string, AnyProvider['manifest']>> = catalog;

/** A page waits for it; milliseconds. */
const WITHIN_MS = 3_000;

/**
 * Whose the publisher's name is at a place whose API makes names. Null: the person may not publish there, something by that
 * publisher came through already, or the gallery did not answer in time. One read at most; never throws what a gallery says.
 */
export async function namespaceStanding(ctx: ServiceContext, place: PlaceView): Promise<NamespaceStanding | null> {
  if (!place.mayPublish) return null;
  const { target, connection } = await requireTarget(ctx.db, place.targetId);
  if (manifests[connection.providerId]?.capabilities.publish?.namespaces !== 'create') return null;
  const publisher = publisherOf(target.config);
  if (await cameThrough(ctx, place.targetId, connection.id, publisher)) return null;
  try {
    const { provider, context } = await ctx.openConnection(connection.id, undefined, 'look');
    const { namespace } = capability(provider, 'publish');
    return (await namespace?.({ ...context, signal: AbortSignal.timeout(WITHIN_MS) }, publisher)) ?? null;
  } catch (error) {
    if (error instanceof ProviderError || error instanceof ServiceError) return null;
    throw error;
  }
}

/** By the connection of now: at another registry the name may be missing. */
async function cameThrough({ db }: ServiceContext, targetId: string, connectionId: string, publisher: string) {
  const rows = await db
    .select({ id: extensionPublications.deploymentId })
    .from(extensionPublications)
    .innerJoin(extensionPackages, eq(extensionPackages.id, extensionPublications.packageId))
    .innerJoin(deployments, eq(deployments.id, extensionPublications.deploymentId))
    .where(
      and(
        eq(extensionPublications.targetId, targetId),
        eq(deployments.connectionId, connectionId),
        ne(extensionPublications.state, 'rejected'),
        sql`lower(${extensionPackages.publisher}) = ${publisher.toLowerCase()}`,
      ),
    )
    .limit(1);
  return rows.length > 0;
}
