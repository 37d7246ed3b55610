import 'server-only';
import { eq } from 'drizzle-orm';
import { personId } from '@/lib/auth/actor';
import type { ServiceContext } from '@/lib/auth/context';
import { deployments, releases, sightings } from '@/lib/db/schema';
import type { ApprovalPacket } from '@/lib/gates/model/view';
import { whoCanApprove } from '@/lib/gates/server/approvals';
import { type Comparison, capability } from '@/lib/providers/port';
import { sentInputs } from '../model/dispatch';
import { eligibility } from '../model/eligibility';
import { rollBackHowHere, rollBackSays } from '../model/roll-back-words';
import { deploymentFacts } from './gate';
import { mayDo, withProvider } from './read-deployment';
import { checklistOf, hasApproved, ownGates, readApprovalState } from './read-gates';
import { asRefusal, readManifest, tryOpen } from './read-provider';
import { type LoadedTarget, loadTarget, mayIn, notFound } from './read-scope';
import { readUsual } from './read-usual';
import { type DeploymentRow, loadDeployment } from './rows';

/** What somebody who is asked to approve has to see. Stays readable once it is decided. */
export async function readApproval(ctx: ServiceContext, input: { deploymentId: string }): Promise<ApprovalPacket> {
  const row = await loadDeployment(ctx.db, input.deploymentId);
  if (!row) throw notFound('deployment');
  const loaded = await loadTarget(ctx, row.targetId).catch(() => Promise.reject(notFound('deployment')));
  const { slug } = loaded.environment;
  const { state, said } = await readApprovalState(ctx.db, row, slug);
  const reader = {
    mayRequest: mayIn(ctx.actor, 'deployment.request', slug),
    personId: personId(ctx.actor),
    hasApproved: hasApproved(ctx, said),
  };
  const live = await readLiveSince(ctx, loaded);
  const [manifest, facts, canApprove, commits, health, usual, deployment] = await Promise.all([
    readManifest(ctx, row),
    deploymentFacts(ctx.db, row, loaded, null, reader),
    row.status === 'awaiting_approval' ? whoCanApprove(ctx.db, row, slug, said) : [],
    readCommits(ctx, row, live?.sha ?? null),
    readHealth(ctx, row.targetId),
    readUsual(ctx.db, [row.targetId]),
    describe(ctx, row, loaded),
  ]);
  const own = withProvider(facts, manifest);
  const how = rollBackHowHere(manifest?.capabilities, row.config);
  return {
    deployment,
    ...sentBack(row),
    approvals: state?.entries ?? [],
    required: state?.required ?? 0,
    given: said.given,
    canApprove,
    expiresAt: state?.expiresAt ?? null,
    ...commits,
    inputs: sentInputs(row),
    mode: row.rendering && { asked: row.rendering, before: loaded.target.rendering },
    workflow: row.dispatch.form ?? null,
    configNames: Object.keys(row.config).sort(),
    checklist: checklistOf(row),
    health,
    live: live && { number: live.number, sha: live.sha, since: live.since },
    rollBack: {
      how,
      usualMs: usual.get(row.targetId)?.p50Ms ?? null,
      sentence: live
        ? rollBackSays(how, own.providerLabel ?? row.providerId, live.sha)
        : 'Nothing is live yet, so there is nothing to go back to.',
    },
    gates: ownGates(row, own, said.given),
    refusal: eligibility(own, mayDo(ctx, slug)).approve.refusal,
  };
}

const sentBack = ({ targetId, refKind, approvalDigest }: DeploymentRow) => ({
  targetId,
  refKind,
  digest: approvalDigest ?? '',
});

async function describe(
  ctx: ServiceContext,
  row: DeploymentRow,
  { component, environment, target }: LoadedTarget,
): Promise<ApprovalPacket['deployment']> {
  const [release] = await ctx.db.select().from(releases).where(eq(releases.id, row.releaseId));
  const { id, number, kind, status, ref, sha, reason } = row;
  return {
    id,
    number,
    kind,
    status,
    component: { slug: component.slug, name: component.name },
    environment: { slug: environment.slug, name: environment.name, isProduction: environment.isProduction },
    label: target.label,
    ref,
    sha,
    message: release?.message ?? '',
    author: release?.author ?? '',
    requestedBy: { id: row.requestedById, name: row.requestedByName },
    requestedAt: row.requestedAt.toISOString(),
    reason,
  };
}

async function readLiveSince(ctx: ServiceContext, { target }: LoadedTarget) {
  if (!target.currentDeploymentId) return null;
  const [row] = await ctx.db
    .select({
      number: deployments.number,
      sha: deployments.sha,
      finishedAt: deployments.finishedAt,
      since: deployments.statusSince,
    })
    .from(deployments)
    .where(eq(deployments.id, target.currentDeploymentId));
  return row ? { number: row.number, sha: row.sha, since: (row.finishedAt ?? row.since).toISOString() } : null;
}

/** Without the provider the page still says what is asked, and why the commits are missing. */
async function readCommits(
  ctx: ServiceContext,
  row: DeploymentRow,
  liveSha: string | null,
): Promise<Pick<ApprovalPacket, 'commits' | 'commitsProblem'>> {
  if (liveSha === null)
    return { commits: null, commitsProblem: 'Nothing is live yet, so there is nothing to compare with.' };
  if (liveSha === row.sha) return { commits: { ...same, url: '' }, commitsProblem: null };
  const opened = await tryOpen(ctx, row.connectionId);
  if (!opened.ok) return { commits: null, commitsProblem: opened.refusal.sentence };
  try {
    const { provider, context } = opened.open;
    return {
      commits: await capability(provider, 'source').compare(context, row.config, liveSha, row.sha),
      commitsProblem: null,
    };
  } catch (error) {
    return { commits: null, commitsProblem: asRefusal(error).sentence };
  }
}

const same: Comparison = { included: [], leaving: [], totalIncluded: 0, totalLeaving: 0, url: '' };

/** What was last seen from outside. */
async function readHealth(ctx: ServiceContext, targetId: string): Promise<ApprovalPacket['health']> {
  const [seen] = await ctx.db.select().from(sightings).where(eq(sightings.targetId, targetId));
  const at = seen?.lookedAt?.toISOString() ?? null;
  if (!seen || at === null)
    return { state: 'unknown', sentence: 'Nobody has looked at what is live from outside yet.', at };
  if (seen.driftSince)
    return { state: 'drifted', sentence: seen.driftSentence ?? 'What is live is not what was deployed from here.', at };
  if (seen.troubleSentence) return { state: 'unknown', sentence: seen.troubleSentence, at };
  return { state: 'as_deployed', sentence: 'What is live is what was deployed from here.', at };
}
