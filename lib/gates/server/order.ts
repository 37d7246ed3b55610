import { and, asc, eq, type SQL, sql } from 'drizzle-orm';
import type { DbOrTx } from '@/lib/auth/context';
import { deployments, environments, pins, targets, verdicts } from '@/lib/db/schema';
import { tooLateAt } from '@/lib/observability/server/live-at';
import type { OrderFact, SoakHealth } from '../model/facts';
import type { Policy } from '../model/policy';

/** It is live, or on its way there. */
const holdsThere = (alias: 'r' | 'again') =>
  sql.raw(`${alias}.status not in ('failed','errored','timed_out','cancelled','superseded','rejected')`);

/**
 * It was live before that one ended there. What is on its way ends later; what people may still refuse counts for what was
 * live when it was asked for.
 */
const wasBefore = (d: SQL, alias: 'r' | 'again') => {
  const of = sql.raw(alias);
  return sql`(${d}.finished_at < ${of}.finished_at
    or ${of}.finished_at is null and (${of}.status <> 'awaiting_approval' or ${d}.finished_at < ${of}.requested_at))`;
};

/**
 * Somebody went back from there to something that had been live before it: live, on its way, of unknown end, or by a re-run
 * alone. What went live when counts, and not the numbers: one may wait while others go. `d`: the deployment's table or alias.
 */
export const wentBackPast = (d: SQL) => sql`exists (
  select from ${deployments} r join ${deployments} s on s.id = r.source_deployment_id
  where r.target_id = ${d}.target_id and r.kind = 'rollback' and s.finished_at < ${d}.finished_at
    and (${wasBefore(d, 'r')} and (${holdsThere('r')} or exists (
      select from ${pins} p where p.deployment_id = r.id and p.lifted_at is null
    )) or exists (
      select from ${deployments} again
      where again.connection_id = r.connection_id and again.remote_id = r.remote_id and again.kind = 'retry'
        and again.target_id = r.target_id and again.number > r.number and ${holdsThere('again')}
        and ${wasBefore(d, 'again')})))`;

/** Where deployments are only written down, or only alerts are watched, nothing can ever be judged healthy. */
const isMeasured = sql<boolean>`coalesce(${targets.health}->'queries' <> '{}'::jsonb
  or ${targets.health}->>'watchUrl' is not null, false)`;

/** Its window is over for too long: no verdict of it is begun any more. */
const isTooLate = sql<boolean>`coalesce(${tooLateAt(sql`${targets.health}`, sql`${deployments}`)} <= now(), false)`;

/**
 * Whether the commit was live where the policy asks for it first. A later roll-back there to something from before it
 * takes the proof away, also while it is on its way, while nobody knows how it ended, and when only a re-run of it
 * succeeded. Time runs from the first success. Of several targets there each speaks for itself, and the worst counts.
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
  const lived = await readLived(db, { ...what, environmentId: afterEnvironmentId });
  const byTarget = [...Map.groupBy(lived, ({ targetId }) => targetId).values()];
  const proofs = byTarget.map((those) => those.filter(({ wentBack }) => !wentBack));
  const [first] = proofs.flat().sort((a, b) => Number(a.since) - Number(b.since));
  // Where it was rolled back at one of its targets, that it stayed at another proves nothing.
  if (!first?.since || proofs.some((those) => those.length === 0)) return { ...place, proof: null };
  const says = proofs.map(healthOf).filter((each) => each !== null);
  const health = says.sort((a, b) => badness(b) - badness(a))[0] ?? null;
  return {
    ...place,
    isMeasured: says.length > 0,
    proof: { number: first.number, since: first.since.toISOString(), health },
  };
}

type Lived = Awaited<ReturnType<typeof readLived>>[number];

/** Every success of the commit there, in the order in which they went live. */
function readLived(
  db: DbOrTx,
  { componentId, environmentId, sha }: Record<'componentId' | 'environmentId' | 'sha', string>,
) {
  return db
    .select({
      ...{ targetId: deployments.targetId, number: deployments.number, since: deployments.finishedAt },
      wentBack: sql<boolean>`${wentBackPast(sql`${deployments}`)}`,
      ...{ verdict: verdicts.verdict, closed: verdicts.closed, isMeasured, isTooLate },
    })
    .from(deployments)
    .innerJoin(targets, eq(targets.id, deployments.targetId))
    .leftJoin(verdicts, eq(verdicts.deploymentId, deployments.id))
    .where(
      and(
        eq(deployments.componentId, componentId),
        eq(deployments.environmentId, environmentId),
        eq(deployments.sha, sha),
        eq(deployments.status, 'succeeded'),
      ),
    )
    .orderBy(asc(deployments.finishedAt), asc(deployments.number));
}

/**
 * How it is at one target: of several, the newest that was judged says, but only a healthy one takes back that it was found
 * worse. Null where nothing measures it, so that a gallery beside what is measured holds nobody.
 */
function healthOf(proofs: readonly Lived[]): SoakHealth | null {
  const decided = proofs.findLast(({ verdict }) => verdict === 'healthy' || verdict === 'worse');
  const judged = decided?.verdict === 'worse' ? decided : proofs.findLast(({ verdict }) => verdict !== null);
  // What only alerts are watched of is never more than inconclusive.
  if (judged && (judged.verdict !== 'inconclusive' || judged.isMeasured))
    return { number: judged.number, verdict: judged.verdict, closed: judged.closed === true };
  const newest = proofs.findLast(({ isMeasured }) => isMeasured);
  return newest ? { number: newest.number, verdict: null, closed: newest.isTooLate } : null;
}

/** What holds longest counts. */
function badness({ verdict, closed }: SoakHealth): number {
  if (verdict === 'worse') return 4;
  if (verdict === 'healthy') return 0;
  if (!closed) return 1;
  return verdict === 'inconclusive' ? 3 : 2;
}
