import 'server-only';
import { eq, sql } from 'drizzle-orm';
import { emitAudit } from '@/lib/audit/emit';
import type { ServiceContext } from '@/lib/auth/context';
import { environments, targets, verdicts } from '@/lib/db/schema';
import { rollBack } from '@/lib/deployments/server';
import { ON_ITS_WAY } from '@/lib/deployments/server/on-its-way';
import { databaseNow } from '@/lib/gates/server/holds';
import { type Refusal, ServiceError } from '@/lib/kernel/errors';
import { describeError, log } from '@/lib/kernel/log';
import { ProviderError } from '@/lib/providers/port';
import { publish } from '@/lib/realtime/publish';
import type { RollBackWhenWorse } from '../../gates/model/policy';
import { isNewsForPeople, type RollBackNote, rollBackRule } from '../model/roll-back-rule';
import { loadJudged, readAsked, rollBackFacts, rollBackKey } from './roll-back-facts';
import { refusedByTheLook } from './seen-just-now';

const EVERY_SECONDS = 15;
const AT_ONCE = 10;
/** So long after its window, or after the last look where that came later, it is still written down why nothing went back. */
const TOLD_MINUTES = 60;

/**
 * Rolls back what stays worse where its environment asks for that: by the verb that a person presses, as the engine, with
 * the same gates. Returns how many were looked at.
 */
export async function rollBackDue(ctx: ServiceContext): Promise<number> {
  const { rows } = await ctx.db.execute<{ id: string }>(sql`
    update ${verdicts} set roll_back_next_at = now() + make_interval(secs => ${EVERY_SECONDS})
    where deployment_id in (
      select v.deployment_id from ${targets} t
        join ${environments} e on e.id = t.environment_id
        join verdicts v on v.deployment_id = t.current_deployment_id
      where v.verdict = 'worse' and e.policy->'rollBackWhenWorse' is not null
        and (v.roll_back is null or v.roll_back->>'state' = 'refused')
        and (v.roll_back_next_at is null or v.roll_back_next_at <= now())
        and greatest(v.until_at, v.judged_at) + make_interval(mins => ${TOLD_MINUTES}) > now()
      order by v.live_at limit ${AT_ONCE} for update of v skip locked)
    returning deployment_id as id`);
  for (const { id } of rows) await tryOne(ctx, id);
  return rows.length;
}

async function tryOne(ctx: ServiceContext, deploymentId: string): Promise<void> {
  try {
    const row = await loadJudged(ctx.db, deploymentId);
    if (!row) return;
    const facts = await rollBackFacts(ctx.db, row);
    // Asked for by a process that did not live to write it down.
    if (facts.asked) return await keep(ctx, row, asked(facts.asked));
    const decision = rollBackRule(facts);
    if (decision.do === 'refuse') return await refuse(ctx, row, decision);
    if (decision.do === 'ask' && facts.asks) await ask(ctx, row, { ...decision, asks: facts.asks });
  } catch (error) {
    log.error('what is worse could not be rolled back; it is its turn again soon', {
      deploymentId,
      ...describeError(error),
    });
  }
}

type Row = NonNullable<Awaited<ReturnType<typeof loadJudged>>>;
type Outcome = Omit<RollBackNote, 'at' | 'isTold'> & { isPassing?: boolean };

const asked = ({ id, number }: { id: string; number: number }): Outcome => ({
  state: 'asked',
  code: 'rolled_back',
  sentence: `It stayed worse, so #${number} goes back by itself.`,
  deploymentId: id,
});

async function ask(
  ctx: ServiceContext,
  row: Row,
  { toDeploymentId, reason, asks }: { toDeploymentId: string; reason: string; asks: RollBackWhenWorse },
): Promise<void> {
  const input = {
    ...{ targetId: row.target.id, toDeploymentId, reason, checklist: [] },
    freezeOverrideReason: asks.throughFreeze ? reason : null,
    idempotencyKey: rollBackKey(row.deployment.id),
  };
  try {
    const refusal = await refusedByTheLook(ctx, row);
    if (refusal) return await refuse(ctx, row, refusal);
    const { deploymentId, number, outcome } = await rollBack(ctx, input, row.deployment.id);
    // Somebody else's with that key: the next turn says so.
    if (outcome === 'repeated' && !(await readAsked(ctx.db, row.deployment))) return;
    await keep(ctx, row, asked({ id: deploymentId, number }));
  } catch (error) {
    const refusal = refusalOf(error);
    if (!refusal) throw error;
    // Sent while the place was looked at: the rule waits for it from the next turn on.
    if (refusal.code === ON_ITS_WAY) return;
    await refuse(ctx, row, refusal);
  }
}

type Refused = Refusal & { isPassing?: boolean };

const refuse = (ctx: ServiceContext, row: Row, { code, sentence, isPassing = false }: Refused) =>
  keep(ctx, row, { code, sentence, isPassing, state: 'refused', deploymentId: null });

/** Trouble that goes by: it is tried again. */
const PASSING: readonly string[] = ['unavailable', 'rateLimited', 'tooMany', 'tooSlow'];

/** What a person would be told, too; anything else is a fault. */
function refusalOf(error: unknown): Refused | null {
  if (!(error instanceof ServiceError || error instanceof ProviderError)) return null;
  return { code: error.code, sentence: error.message, isPassing: PASSING.includes(error.kind) };
}

/** One may be mended, and then another one is said. */
const SAYS_WHICH: readonly string[] = ['invalid_inputs', 'fixed_unfit', 'other_environment'];

const isSame = (note: { code?: string; sentence: string } | null, outcome: Omit<Outcome, 'isPassing'>): boolean =>
  note !== null &&
  note.code === outcome.code &&
  (!SAYS_WHICH.includes(outcome.code ?? '') || note.sentence === outcome.sentence);

/** Note, event and audit line in one transaction; the same refusal again is no news. */
async function keep(
  ctx: ServiceContext,
  { deployment, environment }: Row,
  { isPassing = false, ...outcome }: Outcome,
): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    const mine = eq(verdicts.deploymentId, deployment.id);
    const [before] = await tx.select({ note: verdicts.rollBack }).from(verdicts).where(mine).for('update');
    if (!before || before.note?.state === 'asked' || isSame(before.note, outcome)) return;
    const isNews = isNewsForPeople({ ...outcome, isPassing }, before.note);
    const isTold = isNews || before.note?.isTold === true;
    const note = { ...outcome, isTold, at: new Date(await databaseNow(tx)).toISOString() };
    await tx.update(verdicts).set({ rollBack: note }).where(mine);
    const sentence =
      outcome.state === 'asked' ? outcome.sentence : `It is not rolled back by itself. ${outcome.sentence}`;
    await publish(tx, {
      ...{ topic: 'deployment', kind: 'roll_back_by_policy', deploymentId: deployment.id },
      ...{ targetId: deployment.targetId, actorName: ctx.actor.name },
      data: { sentence, ...(isNews ? { outcome: outcome.state } : {}) },
    });
    await emitAudit(tx, ctx, {
      action: 'deployment.roll-back-by-policy',
      resource: { kind: 'deployment', id: deployment.id },
      environment: environment.slug,
      outcome: outcome.state === 'asked' ? 'done' : 'refused',
      ...(outcome.state === 'refused' ? { code: outcome.code } : {}),
      sentence: `#${deployment.number}: ${sentence}`,
      data: { rollBack: outcome.deploymentId },
    });
  });
}
