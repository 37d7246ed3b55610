import 'server-only';
import { and, eq, isNull, sql } from 'drizzle-orm';
import type { DbOrTx } from '@/lib/auth/context';
import { deployments, environments, targets, verdicts } from '@/lib/db/schema';
import { sameContent } from '@/lib/deployments/model/one-off';
import { goesBack } from '@/lib/deployments/server/hold';
import { readOnItsWay } from '@/lib/deployments/server/on-its-way';
import { readPolicyOf } from '@/lib/gates/model/policy';
import { databaseNow } from '@/lib/gates/server/holds';
import { wentBackPast } from '@/lib/gates/server/order';
import type { LastHealthy, RollBackFacts } from '../model/roll-back-rule';
import { firingSince } from '../model/verdict-beside';
import { isElseThere } from './else-there';

/** One for each deployment, so that however often and from wherever it is asked for, there is one roll-back. */
export const rollBackKey = (deploymentId: string) => `worse:${deploymentId}`;

type Row = {
  deployment: typeof deployments.$inferSelect;
  environment: typeof environments.$inferSelect;
  target: typeof targets.$inferSelect;
  verdict: typeof verdicts.$inferSelect;
};

export async function loadJudged(db: DbOrTx, deploymentId: string): Promise<Row | null> {
  const [row] = await db
    .select({ deployment: deployments, environment: environments, target: targets, verdict: verdicts })
    .from(verdicts)
    .innerJoin(deployments, eq(deployments.id, verdicts.deploymentId))
    .innerJoin(targets, eq(targets.id, deployments.targetId))
    .innerJoin(environments, eq(environments.id, deployments.environmentId))
    .where(eq(verdicts.deploymentId, deploymentId));
  return row ?? null;
}

/** What the rule looks at, as it is now. A policy that cannot be read asks for nothing by itself. */
export async function rollBackFacts(db: DbOrTx, row: Row): Promise<RollBackFacts> {
  const { deployment, environment, target, verdict } = row;
  const asks = readPolicyOf(environment.policy)?.rollBackWhenWorse ?? null;
  const isWanted = asks !== null && verdict.verdict === 'worse' && target.currentDeploymentId === deployment.id;
  const asked = await readAsked(db, deployment);
  return {
    ...{ asks, environment: environment.name, number: deployment.number },
    ...{ verdict: verdict.verdict, why: verdict.why, closed: verdict.closed, found: verdict.found },
    judgedAt: verdict.judgedAt?.getTime() ?? null,
    foundSince: verdict.foundSince?.getTime() ?? null,
    alertSince: alertSinceOf(verdict),
    untilAt: verdict.untilAt.getTime(),
    now: await databaseNow(db),
    isLive: target.currentDeploymentId === deployment.id,
    goesBack: await goesBack(db, deployment),
    isElseThere: await isElseThere(db, deployment),
    onlyUpwards: deployment.dispatch.publish !== undefined,
    asked,
    isKeyTaken: asked === null && (await isKeyTaken(db, deployment.id)),
    onItsWay: isWanted ? await readOnItsWay(db, target.id) : null,
    lastHealthy: isWanted ? await readLastHealthy(db, deployment) : null,
  };
}

/** Numbers need no second opinion; of alerts one must have fired as long as is asked for. */
function alertSinceOf({ report, liveAt, untilAt }: Row['verdict']): number | null {
  if (!report || report.signals.some(({ verdict }) => verdict === 'worse')) return null;
  return firingSince(report.beside ?? [], { liveAt: liveAt.getTime(), until: untilAt.getTime() });
}

/** Ours only: a key is one over all targets, and people choose theirs. */
export async function readAsked(db: DbOrTx, { id, targetId }: Pick<Row['deployment'], 'id' | 'targetId'>) {
  const ours = and(
    eq(deployments.targetId, targetId),
    eq(deployments.kind, 'rollback'),
    isNull(deployments.requestedById),
  );
  const [row] = await db
    .select({ id: deployments.id, number: deployments.number })
    .from(deployments)
    .where(and(eq(deployments.idempotencyKey, rollBackKey(id)), ours));
  return row ?? null;
}

async function isKeyTaken(db: DbOrTx, deploymentId: string): Promise<boolean> {
  const has = eq(deployments.idempotencyKey, rollBackKey(deploymentId));
  return (await db.select({ id: deployments.id }).from(deployments).where(has)).length > 0;
}

/** By when they went live. Final verdicts only, and of none that people went back past. A move to another connection is no change of settings. */
async function readLastHealthy(db: DbOrTx, live: Row['deployment']): Promise<LastHealthy | null> {
  const { rows } = await db.execute<{ [K in keyof LastHealthy]: LastHealthy[K] } & Pick<typeof live, 'inputs'>>(sql`
    select d.id, d.number::float8 as number, (extract(epoch from v.live_at) * 1000)::float8 as "liveAt",
      (select count(*)::int from deployments s where s.target_id = d.target_id and s.status = 'succeeded'
        and s.finished_at > d.finished_at and s.finished_at < l.finished_at) as between,
      d.inputs, (d.sha = l.sha and d.rendering is not distinct from l.rendering
        and (d.config = l.config or d.connection_id <> l.connection_id)) as "isSame"
    from deployments d join verdicts v on v.deployment_id = d.id join deployments l on l.id = ${live.id}
    where d.target_id = l.target_id and d.status = 'succeeded' and d.finished_at < l.finished_at
      and v.verdict = 'healthy' and v.closed and not ${wentBackPast(sql`d`)}
    order by d.finished_at desc nulls first limit 1`);
  const [row] = rows;
  if (!row) return null;
  const { inputs, ...found } = row;
  const isSame = found.isSame && sameContent(inputs, live.inputs);
  const [number, between, liveAt] = [Number(found.number), Number(found.between), Number(found.liveAt)];
  return { ...found, number, between, liveAt, isSame };
}
