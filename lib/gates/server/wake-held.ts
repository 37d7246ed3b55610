import { and, asc, eq, inArray, isNotNull } from 'drizzle-orm';
import type { ServiceContext, Tx } from '@/lib/auth/context';
import { deployments } from '@/lib/db/schema';

/** More than this many at once are found by the sweep within a minute. */
const AT_ONCE = 500;

/** Everything in the scope that waits to be sent, and `also`, is looked at again in the same commit that lets it through. */
export async function wakeHeld(
  tx: Tx,
  ctx: ServiceContext,
  scope: { environmentId: string | null; componentId: string | null; targetId?: string | null },
  also: readonly string[] = [],
): Promise<void> {
  const waiting = await tx
    .select({ id: deployments.id })
    .from(deployments)
    .where(
      and(
        isNotNull(deployments.nextCheckAt),
        inArray(deployments.status, ['queued', 'submitting']),
        scope.targetId ? eq(deployments.targetId, scope.targetId) : undefined,
        scope.environmentId ? eq(deployments.environmentId, scope.environmentId) : undefined,
        scope.componentId ? eq(deployments.componentId, scope.componentId) : undefined,
      ),
    )
    .orderBy(asc(deployments.number))
    .limit(AT_ONCE);
  await wakeAll(tx, ctx, [...waiting.map(({ id }) => id), ...also]);
}

/** A wake-up locks its key until the commit, so everybody takes them in one order, or two that meet would wait for each other. */
export async function wakeAll(tx: Tx, ctx: ServiceContext, ids: readonly string[]): Promise<void> {
  for (const id of [...new Set(ids)].sort()) await ctx.queue.wakeDeployment(tx, id);
}
