import 'server-only';
import { and, eq, isNull } from 'drizzle-orm';
import type { DbOrTx } from '@/lib/auth/context';
import { deployments, environments, targets, verdicts } from '@/lib/db/schema';
import { goesBack } from '@/lib/deployments/server/hold';
import { readOnItsWay } from '@/lib/deployments/server/on-its-way';
import { readPolicyOf } from '@/lib/gates/model/policy';
import { databaseNow } from '@/lib/gates/server/holds';
import type { RollBackFacts } from '../model/roll-back-rule';
import { firingSince } from '../model/verdict-beside';
import { isElseThere } from './else-there';
import { readLastHealthy } from './last-healthy';

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
