import { asc, sql } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { isPermitted, requireAnywhere } from '@/lib/auth/require';
import { environments } from '@/lib/db/schema';
import type { EnvironmentSummary } from '../model/view';

/** Those that the actor may read, in the team's order. */
export async function listEnvironments(ctx: ServiceContext): Promise<EnvironmentSummary[]> {
  requireAnywhere(ctx.actor, 'deployment.read');
  const rows = await ctx.db
    .select({
      id: environments.id,
      slug: environments.slug,
      name: environments.name,
      isProduction: environments.isProduction,
      position: environments.position,
      targets: sql<number>`(select count(*)::int from targets t where t.environment_id = ${environments}.id)`,
    })
    .from(environments)
    .orderBy(asc(environments.position), asc(environments.slug));
  return rows.filter((row) => isPermitted(ctx.actor, 'deployment.read', row.slug));
}
