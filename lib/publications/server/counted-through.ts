import { eq, inArray } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { isPermitted } from '@/lib/auth/require';
import { environments, targets } from '@/lib/db/schema';
import { packageGoesBackTo } from '@/lib/deployments/server/package-goes-back';
import { loadPackage } from '@/lib/extensions/server/load-package';

/**
 * The connections that a press may start something through, one for each place. Where the person may not publish nothing is
 * started, and where the package goes back it is a roll-back, which waits for nobody's share.
 */
export async function countedThrough(
  ctx: ServiceContext,
  { packageId, targetIds }: { packageId: string; targetIds: readonly string[] },
): Promise<string[]> {
  const row = await loadPackage(ctx, packageId);
  const places = await ctx.db
    .select({ id: targets.id, connectionId: targets.connectionId, environment: environments.slug })
    .from(targets)
    .innerJoin(environments, eq(environments.id, targets.environmentId))
    .where(inArray(targets.id, [...new Set(targetIds)]))
    .orderBy(targets.id);
  const counted: string[] = [];
  for (const { id, connectionId, environment } of places) {
    if (!isPermitted(ctx.actor, 'deployment.request', environment)) continue;
    if ((await packageGoesBackTo(ctx.db, row, id)) === null) counted.push(connectionId);
  }
  return counted;
}
