import 'server-only';
import { and, asc, eq, inArray } from 'drizzle-orm';
import type { DbOrTx } from '@/lib/auth/context';
import { components, deployments, environments, targets, verdicts } from '@/lib/db/schema';
import type { HeadlineFacts } from '../model/headline';

/** What is live on these targets and was found worse than what it replaced, the one that has been so longest first. */
export async function readWorse(db: DbOrTx, targetIds: readonly string[]): Promise<HeadlineFacts['worse']> {
  if (targetIds.length === 0) return [];
  const rows = await db
    .select({
      id: deployments.id,
      number: deployments.number,
      component: components.name,
      environment: environments.name,
      why: verdicts.why,
      since: verdicts.worseSince,
    })
    .from(verdicts)
    .innerJoin(targets, eq(targets.currentDeploymentId, verdicts.deploymentId))
    .innerJoin(deployments, eq(deployments.id, verdicts.deploymentId))
    .innerJoin(components, eq(components.id, deployments.componentId))
    .innerJoin(environments, eq(environments.id, deployments.environmentId))
    .where(and(eq(verdicts.verdict, 'worse'), inArray(targets.id, [...targetIds])))
    .orderBy(asc(verdicts.worseSince));
  return rows.flatMap(({ since, ...row }) => (since ? [{ ...row, since: since.toISOString() }] : []));
}
