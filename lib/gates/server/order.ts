import { and, asc, eq, sql } from 'drizzle-orm';
import type { DbOrTx } from '@/lib/auth/context';
import { deployments, environments, pins, targets } from '@/lib/db/schema';
import type { OrderFact } from '../model/gates';
import type { Policy } from '../model/policy';

/** It is live, or on its way there. */
const holdsThere = (alias: 'r' | 'again') =>
  sql.raw(`${alias}.status not in ('failed','errored','timed_out','cancelled','superseded','rejected')`);

/**
 * Whether the commit was live where the policy asks for it first. A later roll-back there to something from before it
 * takes the proof away, also while it is on its way, while nobody knows how it ended, and when only a re-run of it
 * succeeded: that goes on with the same run.
 */
export async function readOrder(
  db: DbOrTx,
  policy: Policy,
  what: { componentId: string; sha: string },
): Promise<OrderFact | null> {
  const { afterEnvironmentId } = policy;
  if (afterEnvironmentId === null) return null;
  const there = and(eq(targets.environmentId, afterEnvironmentId), eq(targets.componentId, what.componentId));
  const [place] = await db
    .select({ environment: environments.name })
    .from(targets)
    .innerJoin(environments, eq(environments.id, targets.environmentId))
    .where(there)
    .limit(1);
  if (!place) return null;
  const [proof] = await db
    .select({ number: deployments.number, since: deployments.finishedAt })
    .from(deployments)
    .where(
      and(
        eq(deployments.componentId, what.componentId),
        eq(deployments.environmentId, afterEnvironmentId),
        eq(deployments.sha, what.sha),
        eq(deployments.status, 'succeeded'),
        sql`not exists (
          select from ${deployments} r join ${deployments} s on s.id = r.source_deployment_id
          where r.target_id = ${deployments}.target_id and r.kind = 'rollback' and r.number > ${deployments}.number
            and s.number < ${deployments}.number
            and (${holdsThere('r')} or exists (
              select from ${pins} p where p.deployment_id = r.id and p.lifted_at is null
            ) or exists (
              select from ${deployments} again
              where again.connection_id = r.connection_id and again.remote_id = r.remote_id and again.kind = 'retry'
                and again.target_id = r.target_id and again.number > r.number and ${holdsThere('again')})))`,
      ),
    )
    .orderBy(asc(deployments.number))
    .limit(1);
  return { ...place, proof: proof?.since ? { number: proof.number, since: proof.since.toISOString() } : null };
}
