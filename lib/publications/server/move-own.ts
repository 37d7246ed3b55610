import { and, eq, inArray } from 'drizzle-orm';
import type { ServiceContext, Tx } from '@/lib/auth/context';
import { connections, extensionPackages, extensionPublications, targets } from '@/lib/db/schema';
import { catalog } from '@/lib/providers/catalog.generated';
import type { AnyProvider } from '@/lib/providers/port';
import { movePublicationIn, type News } from './move-publication';

const manifests: Readonly<Record<string, AnyProvider['manifest']>> = catalog;
const OWN = Object.values(manifests).flatMap(({ id, capabilities }) =>
  capabilities.publish?.audience === 'own' ? [id] : [],
);

/** What the console's own gallery did with its versions, said in the same moment of what was published to it. */
export async function moveOwnPublications(
  tx: Tx,
  ctx: ServiceContext,
  packageIds: readonly string[],
  news: News,
): Promise<void> {
  if (packageIds.length === 0) return;
  const { packageId, targetId, deploymentId } = extensionPublications;
  const { publisher, name, version } = extensionPackages;
  const rows = await tx
    .select({ packageId, targetId, deploymentId, publisher, name, version, providerId: connections.providerId })
    .from(extensionPublications)
    .innerJoin(extensionPackages, eq(extensionPackages.id, packageId))
    .innerJoin(targets, eq(targets.id, targetId))
    .innerJoin(connections, eq(connections.id, targets.connectionId))
    .where(and(inArray(packageId, [...packageIds]), inArray(connections.providerId, OWN)))
    // As everybody takes them, so that nobody waits in a circle.
    .orderBy(packageId, targetId);
  for (const { providerId, publisher: of, name: called, version: number, ...place } of rows) {
    const manifest = manifests[providerId];
    const within = manifest?.capabilities.publish?.withinMinutes;
    if (!manifest || !within) continue;
    const about = { ...place, what: `${of}.${called} ${number}`, label: manifest.label };
    await movePublicationIn(tx, ctx, about, news, within);
  }
}
