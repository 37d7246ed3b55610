import 'server-only';
import { and, asc, eq, inArray } from 'drizzle-orm';
import type { DbOrTx } from '@/lib/auth/context';
import { components, deployments, environments, targets, verdicts } from '@/lib/db/schema';
import { isStillNews } from '@/lib/observability/model/roll-back-rule';
import type { HeadlineFacts } from '../model/headline';
import { goesBack } from './hold';

/** What is live on these targets and was lately found worse than what it replaced, the one that has been so longest first. */
export async function readWorse(
  db: DbOrTx,
  targetIds: readonly string[],
  now: number,
): Promise<HeadlineFacts['worse']> {
  if (targetIds.length === 0) return [];
  const rows = await db
    .select({
      id: deployments.id,
      number: deployments.number,
      component: components.name,
      environment: environments.name,
      label: targets.label,
      why: verdicts.why,
      since: verdicts.worseSince,
      kind: deployments.kind,
      closed: verdicts.closed,
      untilAt: verdicts.untilAt,
    })
    .from(verdicts)
    .innerJoin(targets, eq(targets.currentDeploymentId, verdicts.deploymentId))
    .innerJoin(deployments, eq(deployments.id, verdicts.deploymentId))
    .innerJoin(components, eq(components.id, deployments.componentId))
    .innerJoin(environments, eq(environments.id, deployments.environmentId))
    .where(and(eq(verdicts.verdict, 'worse'), inArray(targets.id, [...targetIds])))
    .orderBy(asc(verdicts.worseSince));
  const news = rows.filter(({ closed, untilAt }) => isStillNews({ closed, untilAt: untilAt.getTime(), now }));
  return Promise.all(
    news.map(async ({ kind, closed: _, untilAt: __, since, ...row }) => ({
      ...row,
      since: (since ?? new Date(now)).toISOString(),
      goesBack: await goesBack(db, { id: row.id, kind }),
    })),
  );
}
