import 'server-only';
import { eq } from 'drizzle-orm';
import { personId } from '@/lib/auth/actor';
import type { ServiceContext } from '@/lib/auth/context';
import { deployments, releases, sightings, verdicts } from '@/lib/db/schema';
import type { ApprovalPacket } from '@/lib/gates/model/view';
import { whoCanApprove } from '@/lib/gates/server/approvals';
import { saidOf } from '@/lib/observability/server/said';
import { type Comparison, capability } from '@/lib/providers/port';
import { sentInputs } from '../model/dispatch';
import { type DeploymentFacts, eligibility } from '../model/eligibility';
import { hasCommit } from '../model/publish';
import { BACK_AT_GALLERY, NO_COMMITS } from '../model/published-view';
import { rollBackHowHere, rollBackSays } from '../model/roll-back-words';
import { standingIn } from './age';
import { deploymentFacts } from './gate';
import { sourceOfPackage } from './package-checks';
import { readOwnChecks } from './read-checks';
import { mayDo, withProvider } from './read-deployment';
import { checklistOf, hasApproved, ownGates, readApprovalState } from './read-gates';
import { asRefusal, readManifest, readRunManifest } from './read-provider';
import { readPublished } from './read-published';
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
  const mayRequest = mayIn(ctx.actor, 'deployment.request', slug);
  const reader = { mayRequest, personId: personId(ctx.actor), hasApproved: hasApproved(ctx, said) };
  const live = await readLiveSince(ctx, loaded);
  const [manifest, runs, facts, canApprove, commits, own, standing, usual, deployment] = await Promise.all([
    readManifest(ctx, row),
    readRunManifest(ctx, ctx.db, row),
    deploymentFacts(ctx.db, row, loaded, null, reader),
    row.status === 'awaiting_approval' ? whoCanApprove(ctx.db, row, slug, said) : [],
    readCommits(ctx, row, live),
    readOwnChecks(ctx, row),
    readStanding(ctx, loaded),
    readUsual(ctx.db, [row.targetId]),
    describe(ctx, row, loaded),
  ]);
  const checks = { checks: own.packet.checks, unpassed: own.unpassed };
  const able = { ...withProvider(facts, manifest, runs), ...checks, live: stands(row, live, commits) };
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
    ...own.packet,
    inputs: sentInputs(row),
    mode: row.rendering && { asked: row.rendering, before: loaded.target.rendering },
    package: await readPublished(ctx.db, row),
    workflow: workflowOf(row),
    configNames: Object.keys(row.config).sort(),
    checklist: checklistOf(row),
    ...standing,
    live: live && { number: live.number, sha: live.sha, since: live.since },
    rollBack: {
      how,
      usualMs: usual.get(row.targetId)?.p50Ms ?? null,
      sentence: wayBack(row, live, rollBackSays(how, able.providerLabel ?? row.providerId, live?.sha ?? '')),
    },
    gates: ownGates(row, able, said.given),
    refusal: eligibility(able, mayDo(ctx, slug)).approve.refusal,
  };
}

/** As the worker will compare it; galleries order versions themselves. */
function stands(
  row: DeploymentRow,
  live: Live | null,
  { commits }: Pick<ApprovalPacket, 'commits'>,
): DeploymentFacts['live'] {
  if (!live || !commits || row.dispatch.publish) return null;
  return { number: live.number, sha: live.sha, chosenIs: standingIn(commits) };
}

function wayBack({ dispatch }: DeploymentRow, live: Live | null, says: string): string {
  if (!live) return 'Nothing is live yet, so there is nothing to go back to.';
  return dispatch.publish ? BACK_AT_GALLERY : says;
}

/** The file that will run, which the run is bound to; also that of a workflow that publishes. */
function workflowOf({ dispatch }: DeploymentRow): ApprovalPacket['workflow'] {
  const by = dispatch.publish?.by;
  if (!by?.formDigest) return dispatch.form ?? null;
  return { path: String(by.config.workflow), digest: by.formDigest };
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
      dispatch: deployments.dispatch,
      finishedAt: deployments.finishedAt,
      since: deployments.statusSince,
    })
    .from(deployments)
    .where(eq(deployments.id, target.currentDeploymentId));
  if (!row) return null;
  const { number, sha, dispatch, finishedAt, since } = row;
  return { number, sha, dispatch, since: (finishedAt ?? since).toISOString() };
}

type Live = NonNullable<Awaited<ReturnType<typeof readLiveSince>>>;

/** Without the provider the page still says what is asked, and why the commits are missing. */
async function readCommits(
  ctx: ServiceContext,
  row: DeploymentRow,
  live: Live | null,
): Promise<Pick<ApprovalPacket, 'commits' | 'commitsProblem'>> {
  const none = (commitsProblem: string) => ({ commits: null, commitsProblem });
  if (live === null) return none('Nothing is live yet, so there is nothing to compare with.');
  if ([row, live].some(({ dispatch, sha }) => dispatch.publish && !hasCommit(dispatch.publish, sha)))
    return none(NO_COMMITS.unnamed);
  if (live.sha === row.sha) return { commits: { ...same, url: '' }, commitsProblem: null };
  try {
    const source = row.dispatch.publish ? await sourceOfPackage(ctx, row) : await ownSource(ctx, row);
    if (!source) return none(NO_COMMITS.unread);
    const { open, config } = source;
    const commits = await capability(open.provider, 'source').compare(open.context, config, live.sha, row.sha);
    return { commits, commitsProblem: null };
  } catch (error) {
    return none(asRefusal(error).sentence);
  }
}

async function ownSource(ctx: ServiceContext, { connectionId, config }: DeploymentRow) {
  return { open: await ctx.openConnection(connectionId), config };
}

const same: Comparison = { included: [], leaving: [], totalIncluded: 0, totalLeaving: 0, url: '' };

async function readStanding(
  ctx: ServiceContext,
  loaded: LoadedTarget,
): Promise<Pick<ApprovalPacket, 'health' | 'verdict'>> {
  const [health, verdict] = await Promise.all([readHealth(ctx, loaded.target.id), readVerdictOf(ctx, loaded)]);
  return { health, verdict };
}

/** How what is live does, as its own page says it. */
async function readVerdictOf(ctx: ServiceContext, { target }: LoadedTarget): Promise<ApprovalPacket['verdict']> {
  if (!target.currentDeploymentId) return null;
  const [found] = await ctx.db.select().from(verdicts).where(eq(verdicts.deploymentId, target.currentDeploymentId));
  return saidOf(found, target.health);
}

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
