import 'server-only';
import { eq } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { deployments, verdicts } from '@/lib/db/schema';
import { goesBack } from '@/lib/deployments/server/hold';
import { loadTarget, notFound } from '@/lib/deployments/server/read-scope';
import { databaseNow } from '@/lib/gates/server/holds';
import { isStillNews, rollBackRule } from '../model/roll-back-rule';
import type { AutomaticRollBack, VerdictView } from '../model/verdict-view';
import { readWritten } from './read-written';
import { loadJudged, rollBackFacts } from './roll-back-facts';
import { saidOf } from './said';
import { readProbes } from './samples';

/** The verdict of one deployment. Throws `notFound` outside the actor's environments. */
export async function readVerdict(ctx: ServiceContext, input: { deploymentId: string }): Promise<VerdictView> {
  const row = await ctx.db.query.deployments.findFirst({ where: eq(deployments.id, input.deploymentId) });
  if (!row) throw notFound('deployment');
  const { target } = await loadTarget(ctx, row.targetId).catch(() => Promise.reject(notFound('deployment')));
  const [found] = await ctx.db.select().from(verdicts).where(eq(verdicts.deploymentId, row.id));
  const isLive = target.currentDeploymentId === row.id;
  const written = await readWritten(ctx.db, row.id);
  const probes = found && isLive ? await readProbes(ctx.db, row.targetId, found.liveAt) : null;
  const said = saidOf(found, target.health);
  const base = { deployment: { id: row.id, number: row.number }, targetId: row.targetId, written, probes };
  if (!found?.judgedAt) {
    const nothing = { judgedAt: null, worseSince: null, report: null, rollBack: null, automatic: null };
    return {
      ...base,
      ...nothing,
      ...said,
      liveAt: found?.liveAt.toISOString() ?? null,
      untilAt: found?.untilAt.toISOString() ?? null,
    };
  }
  const { verdict, closed, report } = found;
  const isNews = isStillNews({ closed, untilAt: found.untilAt.getTime(), now: await databaseNow(ctx.db) });
  const suggests = verdict === 'worse' && isLive && isNews && !(await goesBack(ctx.db, row));
  return {
    ...{ ...base, ...said, report },
    liveAt: found.liveAt.toISOString(),
    untilAt: found.untilAt.toISOString(),
    judgedAt: found.judgedAt.toISOString(),
    worseSince: found.worseSince?.toISOString() ?? null,
    // Back from a roll-back is what was rolled back.
    rollBack: suggests ? `/targets/${row.targetId}/roll-back` : null,
    automatic: await automaticOf(ctx, row.id),
  };
}

async function automaticOf({ db }: ServiceContext, deploymentId: string): Promise<AutomaticRollBack | null> {
  const row = await loadJudged(db, deploymentId);
  const note = row?.verdict.rollBack;
  if (note?.state === 'asked') return { state: 'asked', sentence: note.sentence, deploymentId: note.deploymentId };
  if (row?.verdict.verdict !== 'worse') return null;
  const decision = rollBackRule(await rollBackFacts(db, row));
  const said = (state: 'waits' | 'refused', sentence: string) => ({ state, sentence, deploymentId: null });
  if (decision.do === 'nothing') return null;
  if (note && decision.do === 'ask')
    return said('refused', `It is not rolled back by itself. ${note.sentence} It is tried again.`);
  if (decision.do === 'refuse') return said('refused', `It is not rolled back by itself. ${decision.sentence}`);
  return said('waits', decision.do === 'wait' ? decision.sentence : 'It is rolled back by itself within seconds.');
}
