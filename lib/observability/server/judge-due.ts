import 'server-only';
import { and, eq, type SQL, sql } from 'drizzle-orm';
import { emitAudit } from '@/lib/audit/emit';
import type { ServiceContext, Tx } from '@/lib/auth/context';
import { components, deployments, environments, targets, verdicts } from '@/lib/db/schema';
import { databaseNow } from '@/lib/gates/server/holds';
import { describeError, log } from '@/lib/kernel/log';
import { publish } from '@/lib/realtime/publish';
import { settle } from '../model/settle';
import { judgeHealth, type VerdictReport } from '../model/verdict';
import { windowsOf } from '../model/verdict-windows';
import { VERDICT_WORDS } from '../model/verdict-words';
import { readElseThere } from './else-there';
import { doneAt, liveAt, tooLateAt, windowOf } from './live-at';
import { readBeside } from './read-beside';
import { readSignals } from './read-signals';
import { readSound } from './read-sound';

const LOOK_SECONDS = 15;
/** A claim that its process did not live to keep. */
const LEASE_SECONDS = 60;
/** A source that is away at the end is asked for so much longer: it may still have measured. */
const PATIENCE_MS = 30 * 60_000;
/** Of each target the last so many are looked at: more do not go live between two looks. */
const LAST = 20;
/** Points of a window; a scrape is seldom closer than 15 s. */
const POINTS = 120;

export const stepOf = (windowMinutes: number) => Math.max(15_000, Math.ceil((windowMinutes * 60_000) / POINTS));

/**
 * Opens a verdict for what went live on targets that are measured, and looks again at those that are due. One statement
 * claims, so several instances share the work. Returns how many were looked at.
 */
export async function judgeDue(ctx: ServiceContext, limit = 10): Promise<number> {
  await openVerdicts(ctx);
  const { rows } = await ctx.db.execute<{ id: string }>(sql`
    update ${verdicts} set next_look_at = now() + make_interval(secs => ${LEASE_SECONDS})
    where deployment_id in (select deployment_id from ${verdicts} where next_look_at <= now()
      order by next_look_at limit ${limit} for update skip locked)
    returning deployment_id as id`);
  await Promise.all(rows.map(({ id }) => judgeOnce(ctx, id)));
  return rows.length;
}

/** Something is measured or watched; where deployments are only written down nothing is judged. */
const isJudged = (health: SQL) => sql`(${health}->'queries' <> '{}'::jsonb or ${health}->>'watchUrl' is not null
  or jsonb_array_length(coalesce(${health}->'alerts', '[]'::jsonb)) > 0)`;

/** What users have, judged by the settings of now. What is long over is left alone. */
async function openVerdicts({ db }: ServiceContext): Promise<void> {
  const [d, health] = [sql`d`, sql`t.health`];
  await db.execute(sql`
    insert into ${verdicts} (deployment_id, target_id, settings, live_at, until_at)
    select d.id, d.target_id, t.health, ${liveAt(d)}, ${liveAt(d)} + ${windowOf(health)}
    from ${targets} t cross join lateral (
      select id, target_id, status, provider_done_at, finished_at, evidence from ${deployments}
      where target_id = t.id and status = 'succeeded' order by finished_at desc nulls first limit ${LAST}) d
    where ${isJudged(health)} and ${tooLateAt(health, d)} > now()
      and not exists (select 1 from ${verdicts} v where v.deployment_id = d.id)
    on conflict do nothing`);
}

async function judgeOnce(ctx: ServiceContext, deploymentId: string): Promise<void> {
  try {
    await judge(ctx, deploymentId);
  } catch (error) {
    log.error('a deployment could not be judged; it is its turn again in a minute', {
      deploymentId,
      ...describeError(error),
    });
  }
}

async function load(ctx: ServiceContext, deploymentId: string) {
  const [row] = await ctx.db
    .select({
      verdict: verdicts,
      number: deployments.number,
      sha: deployments.sha,
      doneAt: deployments.providerDoneAt,
      finishedAt: deployments.finishedAt,
      component: components.slug,
      environment: environments.slug,
    })
    .from(verdicts)
    .innerJoin(deployments, eq(deployments.id, verdicts.deploymentId))
    .innerJoin(components, eq(components.id, deployments.componentId))
    .innerJoin(environments, eq(environments.id, deployments.environmentId))
    .where(and(eq(verdicts.deploymentId, deploymentId), eq(verdicts.closed, false)));
  return row ?? null;
}

/** When the next deployment of the target reached users, whatever became of it; from then on the numbers are that one's. */
async function followedAt({ db }: ServiceContext, deploymentId: string): Promise<number | null> {
  const { rows } = await db.execute<{ at: number | null }>(sql`
    select (extract(epoch from min(${doneAt(sql`d`)})) * 1000)::float8 as at from ${deployments} d
    join ${verdicts} v on v.target_id = d.target_id and v.deployment_id <> d.id
    where v.deployment_id = ${deploymentId} and ${doneAt(sql`d`)} > v.live_at
      and (d.finished_at > v.live_at or d.finished_at is null)
      and (d.status = 'succeeded' or d.provider_done_at is not null)`);
  const at = rows[0]?.at ?? null;
  return at === null ? null : Number(at);
}

/** Looks at one that is not closed, and writes down what was found. */
export async function judge(ctx: ServiceContext, deploymentId: string): Promise<VerdictReport | null> {
  const found = await load(ctx, deploymentId);
  if (!found) return null;
  const { settings, targetId, liveAt } = found.verdict;
  const now = await databaseNow(ctx.db);
  const frame = {
    ...{ liveAt: liveAt.getTime(), now, rules: settings.rules },
    ...(found.doneAt ? { doneAt: found.doneAt.getTime() } : {}),
    followedAt: await followedAt(ctx, deploymentId),
    elseThere: await readElseThere(ctx.db, { targetId, sha: found.sha, finishedAt: found.finishedAt }),
  };
  const { before, after, until } = windowsOf(frame);
  const span = { from: before.from, to: after.to, stepMs: stepOf(settings.rules.windowMinutes) };
  const place = { component: found.component, environment: found.environment };
  const what = { targetId, place, settings };
  const [readings, watched] = await Promise.all([readSignals(ctx, what, span), readBeside(ctx, what, after.from)]);
  const beside = watched.map(({ refused: _, ...each }) => each);
  const sound = await readSound(ctx.db, { targetId, liveAt, settings }, now);
  const report = judgeHealth({ ...frame, sound, readings, beside });
  const silent = [...readings, ...beside.filter(({ judged }) => judged)].some(({ problem }) => problem !== null);
  const waits = silent && now < until + PATIENCE_MS;
  const kept = { ...report, closed: report.closed && !waits };
  await ctx.db.transaction((tx) => write(tx, ctx, found, kept, { now, isElseThere: frame.elseThere !== null }));
  return kept;
}

const standingOf = (row: typeof verdicts.$inferSelect) => ({
  ...{ verdict: row.verdict, judgedAt: row.judgedAt?.getTime() ?? null, wasWorse: row.worseSince !== null },
  ...{ found: row.found, foundSince: row.foundSince?.getTime() ?? null },
});

type Found = NonNullable<Awaited<ReturnType<typeof load>>>;

/** The verdict, and where it changed the event and the audit line, in one transaction. */
async function write(
  tx: Tx,
  ctx: ServiceContext,
  found: Found,
  report: VerdictReport,
  { now, isElseThere }: { now: number; isElseThere: boolean },
): Promise<void> {
  const { deploymentId } = found.verdict;
  const [before] = await tx.select().from(verdicts).where(eq(verdicts.deploymentId, deploymentId)).for('update');
  // Whoever looked later has written already: a slow look does not take it back.
  if (!before || before.closed || (before.judgedAt?.getTime() ?? 0) > now) return;
  const { closed } = report;
  const standing = standingOf(before);
  // What was found while something else was seen there is not this one's: it begins anew.
  if (isElseThere) standing.found = null;
  const settled = settle(standing, { verdict: report.verdict, closed, now });
  const { verdict } = settled;
  // While the newest look finds otherwise and that does not hold yet, what is said keeps its reason.
  const why = settled.found === verdict ? report.why : before.why;
  const next = closed ? sql`null` : sql`now() + make_interval(secs => ${LOOK_SECONDS})`;
  await tx
    .update(verdicts)
    .set({
      ...{ verdict, why, closed, report, found: settled.found, judgedAt: sql`now()`, nextLookAt: next },
      foundSince: new Date(settled.foundSince),
      worseSince: verdict === 'worse' ? (before.worseSince ?? sql`now()`) : before.worseSince,
    })
    .where(eq(verdicts.deploymentId, deploymentId));
  const isNews = verdict === 'worse' && before.worseSince === null;
  if (before.verdict !== verdict || closed) await tell(tx, ctx, found, { verdict, why, closed }, isNews);
}

async function tell(
  tx: Tx,
  ctx: ServiceContext,
  { verdict: { deploymentId, targetId }, number, environment }: Found,
  said: Pick<VerdictReport, 'verdict' | 'why' | 'closed'>,
  /** The first time that it is found worse, which is told outside, too. */
  isNews: boolean,
): Promise<void> {
  const { verdict, why, closed } = said;
  const sentence = `${VERDICT_WORDS[verdict]}${closed ? '' : ' so far'}. ${why}`;
  await publish(tx, {
    topic: 'deployment',
    kind: 'verdict',
    deploymentId,
    targetId,
    actorName: ctx.actor.name,
    data: { sentence, ...(isNews ? { outcome: 'worse' } : {}) },
  });
  await emitAudit(tx, ctx, {
    action: 'deployment.verdict',
    resource: { kind: 'deployment', id: deploymentId },
    environment,
    outcome: 'done',
    sentence: `#${number}: ${sentence}`,
    data: { verdict, closed },
  });
}
