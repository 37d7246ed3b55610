import { asc, eq } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { connections, environments, targets } from '@/lib/db/schema';
import { catalog } from '@/lib/providers/catalog.generated';
import { chosenOf, type SetupPlace } from '../model/setup';

/** The repositories that the component's targets name, each once. */
export async function placesOf(ctx: ServiceContext, componentId: string): Promise<SetupPlace[]> {
  const rows = await ctx.db
    .select({
      connectionId: targets.connectionId,
      connectionName: connections.name,
      providerId: connections.providerId,
      config: targets.config,
    })
    .from(targets)
    .innerJoin(connections, eq(connections.id, targets.connectionId))
    .where(eq(targets.componentId, componentId))
    .orderBy(asc(targets.id));
  const places = new Map<string, SetupPlace>();
  for (const { connectionId, connectionName, providerId, config } of rows) {
    const { repository } = config as { repository?: unknown };
    // A gallery's target names a repository as well, and nothing can be proposed through a gallery.
    const known = Object.hasOwn(catalog, providerId) ? catalog[providerId] : undefined;
    if (typeof repository === 'string' && !(known && !known.capabilities.proposals))
      places.set(repository, { connectionId, connectionName, repository });
  }
  return [...places.values()];
}

/**
 * Production last: the first one is where a workflow goes when nobody says where. At most 20, the first production among
 * them, which is what hosts are told to be production.
 */
export async function knownEnvironments(
  ctx: ServiceContext,
): Promise<{ environments: string[]; production: string | null }> {
  const rows = await ctx.db
    .select({ slug: environments.slug, isProduction: environments.isProduction })
    .from(environments)
    .orderBy(asc(environments.isProduction), asc(environments.position), asc(environments.slug));
  return chosenOf(rows);
}
