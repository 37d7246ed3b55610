import { and, desc, eq, inArray, isNotNull, ne, sql } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { deployments, targets } from '@/lib/db/schema';
import type { Observation } from '@/lib/providers/port';
import { endDrift } from '@/lib/sightings/server/end-drift';
import { askProbe } from '@/lib/targets/server/ask-probe';
import { judgeMode, type Shown } from '../../rendering/model/proof';
import type { Probe } from '../../targets/model/probe';
import { shownUrl } from '../../targets/model/probe';
import type { Publish } from '../model/publish';
import {
  askAgainSeconds,
  deadlineOf,
  judgeProbe,
  MODE_WITHIN_MINUTES,
  modeNotLive,
  type Verdict,
  type Wanted,
} from '../model/verification';
import { bareVersion, namesOf, versionOf } from '../model/version';
import { applyObservation } from './apply-observation';
import { bakedEvidence } from './baked';
import { whileLooking } from './hold-look';
import { knownNames } from './known-names';
import { move, note } from './move';
import { type DeploymentRow, lockDeployment, lockTarget } from './rows';
import { asProviderError } from './trouble';
import { verifyMode } from './verify-mode';
import { provePublished } from './verify-publish';
import { checkEverySeconds, observe, withProvider } from './watch';

/** The engine's own deadline comes after the probe's, so that the probe's sentence is the one that is read. */
const GRACE_MS = 5 * 60_000;
const LAST_TIME = ' Its time is over, so this is the last time.';

interface Evidence {
  sentence: string;
  probe?: Record<string, unknown>;
  rendering?: Shown;
}

/**
 * `verifying`: somebody other than the observation that said "done" has to confirm it. The deployed thing itself where
 * the target has a probe; otherwise the provider, read back.
 */
export async function verify(ctx: ServiceContext, row: DeploymentRow): Promise<boolean> {
  if (row.dispatch.publish) return verifyPublished(ctx, row, row.dispatch.publish);
  const probe = await probeOf(ctx, row);
  return probe ? verifyOutside(ctx, row, probe) : verifyAtProvider(ctx, row);
}

/** A gallery's word is not enough: what clients get has to be this package. */
function verifyPublished(ctx: ServiceContext, row: DeploymentRow, publish: Publish): Promise<boolean> {
  const prove = async () => {
    const proof = await provePublished(ctx, row, publish);
    if (proof.kind === 'live') return makeLive(ctx, row, { sentence: proof.sentence, ...proof.proof });
    if (proof.kind === 'not_live')
      return notLive(ctx, row, proof, { ...proof, kind: 'not_live' }, await wantedOf(ctx, row));
    return refuse(ctx, row, { code: proof.code, sentence: proof.sentence });
  };
  return whileLooking(ctx, row, () => withProvider(ctx, row, prove));
}

async function refuse(ctx: ServiceContext, { id }: DeploymentRow, why: { code: string; sentence: string }) {
  return ctx.db.transaction(async (tx) => {
    const fresh = await lockDeployment(tx, id);
    const patch = { failureCode: why.code, failureSentence: why.sentence };
    if (fresh) await move(tx, ctx, fresh, 'health_refused', { patch, sentence: why.sentence });
    return true;
  });
}

async function probeOf(ctx: ServiceContext, row: DeploymentRow): Promise<Probe | null> {
  const [target] = await ctx.db.select({ probe: targets.probe }).from(targets).where(eq(targets.id, row.targetId));
  return target?.probe ?? null;
}

async function verifyAtProvider(ctx: ServiceContext, row: DeploymentRow, also?: Evidence): Promise<boolean> {
  return withProvider(ctx, row, async (provider, context) => {
    const seen = await observe(ctx, provider, context, row);
    if (contradicts(row, seen)) return objection(ctx, row, seen, checkEverySeconds(ctx, row, provider));
    const sentence = `Run ${seen.ref.id}, attempt ${seen.ref.attempt}, read back as ${seen.rawPhase} for ${row.sha.slice(0, 7)}.`;
    return confirm(ctx, row, also ? { ...also, sentence: `${also.sentence} ${sentence}` } : { sentence });
  });
}

async function verifyOutside(ctx: ServiceContext, row: DeploymentRow, probe: Probe): Promise<boolean> {
  const answer = await askProbe(ctx, probe);
  const wanted = await wantedOf(ctx, row);
  const verdict = judgeProbe(probe, answer, wanted);
  if (verdict.kind === 'live') {
    const said = answer.kind === 'says' ? answer.value : null;
    const asked = { url: shownUrl(probe.url), answered: said, at: wanted.now.toISOString() };
    const other = await sameName(ctx, row, probe, said);
    if (!other) return confirm(ctx, row, { sentence: verdict.sentence, probe: asked });
    const sentence = `${verdict.sentence} #${other.number} (${other.sha.slice(0, 7)}) has the same name, so the address cannot tell the two apart.`;
    return verifyAtProvider(ctx, row, { sentence, probe: asked });
  }
  return (await providerObjects(ctx, row)) || notLive(ctx, row, probe, verdict, wanted);
}

/** It may know better by now: another commit was built, or the run was started again. Its trouble says nothing here. */
async function providerObjects(ctx: ServiceContext, row: DeploymentRow): Promise<boolean> {
  let seen: Observation;
  try {
    const { provider, context } = await ctx.openConnection(row.connectionId);
    seen = await observe(ctx, provider, context, row);
  } catch (error) {
    // A bug is thrown on; the probe decides about the rest.
    asProviderError(error);
    return false;
  }
  return contradicts(row, seen) && objection(ctx, row, seen, askAgainSeconds(await wantedOf(ctx, row)));
}

async function wantedOf(ctx: ServiceContext, row: DeploymentRow): Promise<Wanted> {
  const clock = await ctx.db.execute<{ now: string }>(sql`select now() as now`);
  const now = new Date(clock.rows[0]?.now ?? ctx.clock.now());
  const known = row.refKind === 'tag' ? null : await knownNames(ctx.db, row.componentId, [row.sha]);
  const also = namesOf(row, known?.get(row.sha) ?? []);
  return { sha: row.sha, version: versionOf(row), also, doneAt: row.statusSince, now };
}

/** Another commit that was sent here under the same tag: a tag that was moved says the same before and after. */
async function sameName(ctx: ServiceContext, row: DeploymentRow, probe: Probe, said: string | null) {
  if (probe.says === 'sha' || said === null) return null;
  const bare = bareVersion(said);
  const [other] = await ctx.db
    .select({ number: deployments.number, sha: deployments.sha })
    .from(deployments)
    .where(
      and(
        eq(deployments.targetId, row.targetId),
        eq(deployments.refKind, 'tag'),
        inArray(deployments.ref, [bare, `v${bare}`]),
        ne(deployments.sha, row.sha),
        isNotNull(deployments.submittedAt),
      ),
    )
    .orderBy(desc(deployments.number))
    .limit(1);
  return other ?? null;
}

/** Accepted but not live: said while there is time, and the end of it when there is none. The database's clock decides. */
async function notLive(
  ctx: ServiceContext,
  row: DeploymentRow,
  within: Pick<Probe, 'withinMinutes'>,
  verdict: Extract<Verdict, { kind: 'not_live' }>,
  wanted: Wanted,
  code: 'not_live' | 'other_mode' = 'not_live',
): Promise<boolean> {
  const deadline = deadlineOf(within, wanted.doneAt);
  return ctx.db.transaction(async (tx) => {
    const fresh = await lockDeployment(tx, row.id);
    if (fresh?.status !== 'verifying') return false;
    const over = wanted.now >= deadline;
    // Whoever slept past the deadline may wake up without a network: that there is no answer is said twice.
    const last = over && verdict.trouble !== null && !fresh.troubleSentence?.endsWith(LAST_TIME);
    if (over && !last) {
      const patch = { failureCode: code, failureSentence: verdict.failure };
      return (await move(tx, ctx, fresh, 'health_refused', { patch, sentence: verdict.failure })) !== null;
    }
    const patch = {
      waitingFor: verdict.waitingFor,
      troubleSentence: verdict.trouble && `${verdict.trouble}${last ? LAST_TIME : ''}`,
      troubleCount: verdict.trouble ? fresh.troubleCount + 1 : 0,
      deadlineAt: new Date((last ? wanted.now : deadline).getTime() + GRACE_MS),
    };
    await note(tx, ctx, fresh, patch, askAgainSeconds(wanted));
    return false;
  });
}

function contradicts(row: DeploymentRow, seen: Observation): boolean {
  return seen.phase !== 'done' || builtAnother(row, seen);
}

function builtAnother(row: DeploymentRow, seen: Observation): boolean {
  return seen.sha !== null && seen.sha !== row.sha && row.dispatch.shaInput === null;
}

async function objection(ctx: ServiceContext, row: DeploymentRow, seen: Observation, nextCheckSeconds: number) {
  if (seen.phase !== 'done') return applyObservation(ctx, row.id, seen, nextCheckSeconds);
  const sentence = `The run built ${seen.sha?.slice(0, 7)}, not ${row.sha.slice(0, 7)}: the branch moved between the click and the run. Deploy again, or declare an input named sha so that the commit is pinned.`;
  return refuse(ctx, row, { code: 'wrong_commit', sentence });
}

/** Its commit is live. Where a mode was asked for, that has to be what is live, too; what nobody can see is said so. */
async function confirm(ctx: ServiceContext, row: DeploymentRow, evidence: Evidence): Promise<boolean> {
  const verdict = await verifyMode(ctx, row);
  if (row.rendering === null || verdict === null) return makeLive(ctx, row, evidence);
  if ('proof' in verdict) return makeLive(ctx, row, proved(evidence, verdict.proof));
  const within = (await probeOf(ctx, row)) ?? { withinMinutes: MODE_WITHIN_MINUTES };
  const wanted = await wantedOf(ctx, row);
  const waits = modeNotLive(row.rendering, verdict, within, wanted);
  if (waits) return notLive(ctx, row, within, waits, wanted, 'other_mode');
  const why = verdict.kind === 'trouble' ? `${verdict.sentence}.` : '';
  const judged = judgeMode(row.rendering, row.sha, { kind: 'nowhere', sentence: why });
  return 'proof' in judged && makeLive(ctx, row, proved(evidence, judged.proof));
}

function proved(evidence: Evidence, rendering: Shown): Evidence {
  return { ...evidence, sentence: `${evidence.sentence} ${rendering.sentence}`, rendering };
}

async function makeLive(ctx: ServiceContext, row: DeploymentRow, evidence: Evidence): Promise<boolean> {
  const baked = await bakedEvidence(ctx, row);
  await ctx.db.transaction(async (tx) => {
    // In the one order of locks: target, then deployment.
    const target = await lockTarget(tx, row.targetId);
    const fresh = await lockDeployment(tx, row.id);
    if (fresh?.status !== 'verifying') return;
    const clock = await tx.execute<{ at: string }>(sql`select now() as at`);
    const at = new Date(clock.rows[0]?.at ?? ctx.clock.now()).toISOString();
    const patch = { evidence: { ...evidence, ...baked, at }, troubleCount: 0, troubleSentence: null };
    await move(tx, ctx, fresh, 'health_confirmed', { patch, sentence: evidence.sentence });
    await tx
      .update(targets)
      .set({ currentDeploymentId: fresh.id, rendering: fresh.rendering, version: target.version + 1 })
      .where(eq(targets.id, target.id));
    await endDrift(tx, ctx, target);
  });
  return true;
}
