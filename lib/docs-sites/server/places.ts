import { asc, eq } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { isPermitted } from '@/lib/auth/require';
import { environments, targets } from '@/lib/db/schema';

export interface SitePlace {
  targetId: string;
  connectionId: string;
  repository: string;
}

/** Repositories that the component's targets name in environments which the reader may see, each once. */
export async function sitePlaces(ctx: ServiceContext, componentId: string): Promise<SitePlace[]> {
  const rows = await ctx.db
    .select({
      targetId: targets.id,
      connectionId: targets.connectionId,
      config: targets.config,
      environment: environments.slug,
    })
    .from(targets)
    .innerJoin(environments, eq(environments.id, targets.environmentId))
    .where(eq(targets.componentId, componentId))
    .orderBy(asc(environments.position), asc(targets.id))
    .limit(200);
  const places = new Map<string, SitePlace>();
  for (const { targetId, connectionId, config, environment } of rows) {
    const { repository } = config as { repository?: unknown };
    const seen = isPermitted(ctx.actor, 'deployment.read', environment);
    if (seen && typeof repository === 'string' && !places.has(repository))
      places.set(repository, { targetId, connectionId, repository });
  }
  return [...places.values()];
}
