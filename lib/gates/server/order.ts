import { and, asc, eq, type SQL, sql } from 'drizzle-orm';
import type { DbOrTx } from '@/lib/auth/context';
import { deployments, environments, pins, targets, verdicts } from '@/lib/db/schema';
import type { OrderFact } from '../model/facts';
import type { Policy } from '../model/policy';

/** It is live, or on its way there. */
const holdsThere = (alias: 'r' | 'again') =>
  sql.raw(`${alias}.status not in ('failed','errored','timed_out','cancelled','superseded','rejected')`);

/**
 * Somebody went back from there to something before it later: live, on its way, of unknown end, or by a re-run alone.
 * `d`: the deployment's table or alias.
 */
export const wentBackPast = (d: SQL) => sql`exists (
  select from ${deployments} r join ${deployments} s on s.id = r.source_deployment_id
  where r.target_id = ${d}.target_id and r.kind = 'rollback' and r.number > ${d}.number and s.number < ${d}.number
    and (${holdsThere('r')} or exists (
      select from ${pins} p where p.deployment_id = r.id and p.lifted_at is null
    ) or exists (
      select from ${deployments} again
      where again.connection_id = r.connection_id and again.remote_id = r.remote_id and again.kind = 'retry'
        and again.target_id = r.target_id and again.number > r.number and ${holdsThere('again')})))`;

/** Where deployments are only written down, or only alerts are watched, nothing can ever be judged healthy. */
const isMeasured = sql<boolean>`coalesce(${targets.health}->'queries' <> '{}'::jsonb
  or ${targets.health}->>'watchUrl' is not null, false)`;

/**
 * Whether the commit was live where the policy asks for it first. A later roll-back there to something from before it
 * takes the proof away, also while it is on its way, while nobody knows how it ended, and when only a re-run of it
 * succeeded. Time runs from the first success; of several, the newest that was judged says how it is, but only a healthy
 * one takes back that it was found worse.
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
    .select({ environment: environments.name, isMeasured })
    .from(targets)
    .innerJoin(environments, eq(environments.id, targets.environmentId))
    .where(there)
    .limit(1);
  if (!place) return null;
  const proofs = await db
    .select({
      number: deployments.number,
      since: deployments.finishedAt,
      verdict: verdicts.verdict,
      closed: verdicts.closed,
    })
    .from(deployments)
    .leftJoin(verdicts, eq(verdicts.deploymentId, deployments.id))
    .where(
      and(
        eq(deployments.componentId, what.componentId),
        eq(deployments.environmentId, afterEnvironmentId),
        eq(deployments.sha, what.sha),
        eq(deployments.status, 'succeeded'),
        sql`not ${wentBackPast(sql`${deployments}`)}`,
      ),
    )
    .orderBy(asc(deployments.number));
  const [first] = proofs;
  if (!first?.since) return { ...place, proof: null };
  const { number, verdict, closed } = saysOf(proofs) ?? first;
  const health = verdict === null || closed === null ? null : { number, verdict, closed };
  return { ...place, proof: { number: first.number, since: first.since.toISOString(), health } };
}

function saysOf<P extends { verdict: string | null }>(proofs: readonly P[]): P | undefined {
  const decided = proofs.findLast(({ verdict }) => verdict === 'healthy' || verdict === 'worse');
  return decided?.verdict === 'worse' ? decided : proofs.findLast(({ verdict }) => verdict !== null);
}
