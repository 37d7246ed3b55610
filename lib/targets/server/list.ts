import { asc, eq } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { isPermitted, requireAnywhere } from '@/lib/auth/require';
import { components, connections, environments, targets } from '@/lib/db/schema';
import type { TargetSummary } from '../model/view';

/** Those in environments that the actor may read, in the order of the matrix. */
export async function listTargets(ctx: ServiceContext): Promise<TargetSummary[]> {
  requireAnywhere(ctx.actor, 'deployment.read');
  const rows = await ctx.db
    .select({
      id: targets.id,
      label: targets.label,
      version: targets.version,
      config: targets.config,
      probe: targets.probe,
      tell: targets.tell,
      isPublic: targets.isPublic,
      runtimeConnectionId: targets.runtimeConnectionId,
      runtime: targets.runtime,
      component: { id: components.id, slug: components.slug, name: components.name },
      environment: {
        id: environments.id,
        slug: environments.slug,
        name: environments.name,
        isProduction: environments.isProduction,
      },
      connection: { id: connections.id, name: connections.name, providerId: connections.providerId },
    })
    .from(targets)
    .innerJoin(components, eq(components.id, targets.componentId))
    .innerJoin(environments, eq(environments.id, targets.environmentId))
    .innerJoin(connections, eq(connections.id, targets.connectionId))
    .orderBy(asc(components.position), asc(components.slug), asc(environments.position), asc(targets.label));
  return rows
    .filter((row) => isPermitted(ctx.actor, 'deployment.read', row.environment.slug))
    .map(({ runtimeConnectionId, runtime, ...row }) => ({
      ...row,
      runtime: runtime && runtimeConnectionId ? { connectionId: runtimeConnectionId, config: runtime } : null,
    }));
}
