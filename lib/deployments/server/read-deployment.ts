import 'server-only';
import { and, asc, eq, inArray, ne } from 'drizzle-orm';
import { readTold } from '@/lib/announcements/server/read-told';
import { personId } from '@/lib/auth/actor';
import type { ServiceContext } from '@/lib/auth/context';
import { deployments, environments, events } from '@/lib/db/schema';
import type { Shown } from '../../rendering/model/proof';
import { buildsNothing, isRun, sentInputs } from '../model/dispatch';
import { type DeploymentFacts, eligibility, type May } from '../model/eligibility';
import { isTerminal } from '../model/status';
import type { DeploymentDetail } from '../model/view';
import { canPutLive, deploymentFacts, overrideOf, type Reader } from './gate';
import { holdsTarget } from './hold';
import { readChecksAgain } from './read-checks';
import { checklistOf, hasApproved, ownGates, readApprovalState } from './read-gates';
import { lateRunOf } from './read-late-run';
import { type ProviderManifest, readManifest, readRunManifest } from './read-provider';
import { readPublished } from './read-published';
import { type LoadedTarget, loadTarget, mayIn, notFound } from './read-scope';
import { readJobs } from './read-steps';
import { toTimelineEntry } from './read-timeline';
import { readUsual } from './read-usual';
import { iso, selectSummaries, toSummary } from './row-views';

type Row = typeof deployments.$inferSelect;

/** Everything that the deployment page shows. Throws `notFound` outside the actor's environments. */
export async function readDeployment(ctx: ServiceContext, input: { deploymentId: string }): Promise<DeploymentDetail> {
  const row = await ctx.db.query.deployments.findFirst({ where: eq(deployments.id, input.deploymentId) });
  if (!row) throw notFound('deployment');
  const target = await loadTarget(ctx, row.targetId).catch(() => Promise.reject(notFound('deployment')));
  const { slug } = target.environment;
  const { state, said } = await readApprovalState(ctx.db, row, slug);
  const reader = {
    mayRequest: mayIn(ctx.actor, 'deployment.request', slug),
    personId: personId(ctx.actor),
    hasApproved: hasApproved(ctx, said),
  };
  const [summary, neighbours, timeline, jobs, usual, manifest, runs, facts] = await Promise.all([
    selectSummaries(ctx.db).where(eq(deployments.id, row.id)),
    readNeighbours(ctx, row, target),
    ctx.db
      .select()
      .from(events)
      .where(and(eq(events.deploymentId, row.id), ne(events.kind, 'progress')))
      .orderBy(asc(events.id))
      .limit(500),
    readJobs(ctx.db, row.id, row.remoteAttempt),
    readUsual(ctx.db, [row.targetId]),
    readManifest(ctx, row),
    readRunManifest(ctx, ctx.db, row),
    readFacts(ctx, row, target, reader),
  ]);
  if (!summary[0]) throw notFound('deployment');
  const able = withProvider(facts, manifest, runs);
  return {
    ...toSummary(summary[0]),
    ...ownFacts(row, neighbours.previousMode),
    ...neighbours.shown,
    provider: {
      label: manifest?.label ?? row.providerId,
      connectionName: target.connection.name,
      // Where its run is: another one than the gallery that a workflow publishes for.
      runsAt: runs?.label ?? manifest?.label ?? row.providerId,
    },
    usual: usual.get(row.targetId) ?? null,
    ...{ mayHoldPackage: mayHoldPackage(row, target, manifest), holdsTarget: await holdsTarget(ctx.db, row.id) },
    ...{ package: await readPublished(ctx.db, row), jobs, timeline: timeline.map(toTimelineEntry) },
    gates: ownGates(row, able, said.given),
    approval: state,
    told: await readTold(ctx.db, row.id, manifest?.capabilities.announcements?.to ?? null),
    lateRun: lateRunOf(timeline, able, mayDo(ctx, slug)),
    actions: eligibility(able, mayDo(ctx, slug)),
    logs: runs?.capabilities.logs ? { mode: runs.capabilities.logs.mode } : null,
  };
}

/** What has ended may be asked for once more: then its checks count as they do at the press. */
async function readFacts(
  ctx: ServiceContext,
  row: Row,
  target: LoadedTarget,
  reader: Reader,
): Promise<DeploymentFacts> {
  const asks = isTerminal(row.status) && reader.mayRequest;
  const [facts, checks] = await Promise.all([
    deploymentFacts(ctx.db, row, target, null, reader),
    asks ? readChecksAgain(ctx, target, row) : null,
  ]);
  return { ...facts, checks: checks?.checks ?? null, unpassed: checks?.unpassed };
}

function ownFacts(row: Row, previous: Row['rendering']) {
  return {
    targetId: row.targetId,
    reason: row.reason,
    inputs: sentInputs(row),
    remote: row.remoteId ? { id: row.remoteId, attempt: row.remoteAttempt, url: row.remoteUrl } : null,
    buildsNothing: !isRun(row.dispatch, row.remoteId),
    rawPhase: row.rawPhase,
    heldSince: isTerminal(row.status) ? null : iso(row.heldSince),
    runEndedAt: row.status === 'deploying' ? iso(row.runEndedAt) : null,
    deadlineAt: iso(row.deadlineAt),
    observedAt: iso(row.observedAt),
    trouble: row.troubleSentence,
    evidence: toEvidence(row),
    mode: toMode(row, previous),
    cancelRequestedBy: row.cancelRequestedByName,
    freezeOverride: overrideOf(row) ?? null,
    acceptedAt: iso(row.providerDoneAt),
    checklist: checklistOf(row),
  };
}

function mayHoldPackage(row: Row, { component }: LoadedTarget, manifest: ProviderManifest | null): boolean {
  const keeps = component.kind === 'extension' && manifest?.capabilities.artifacts !== undefined;
  return keeps && row.status === 'succeeded' && row.remoteId !== null && !buildsNothing(row.dispatch);
}

function toEvidence(row: Row): DeploymentDetail['evidence'] {
  const sentence = row.evidence?.sentence;
  if (typeof sentence !== 'string') return null;
  const at = row.evidence?.at;
  return { sentence, at: typeof at === 'string' ? at : (row.finishedAt ?? row.statusSince).toISOString() };
}

async function readNeighbours(ctx: ServiceContext, row: Row, { target }: LoadedTarget) {
  const { sourceDeploymentId, previousDeploymentId, supersededById } = row;
  const wanted = [sourceDeploymentId, previousDeploymentId, supersededById, target.currentDeploymentId].filter(
    (id) => id !== null,
  );
  const found = wanted.length
    ? await ctx.db
        .select({
          ...{ id: deployments.id, number: deployments.number, sha: deployments.sha, mode: deployments.rendering },
          slug: environments.slug,
        })
        .from(deployments)
        .innerJoin(environments, eq(environments.id, deployments.environmentId))
        .where(inArray(deployments.id, wanted))
    : [];
  const by = (id: string | null) => {
    const each = found.find((one) => one.id === id);
    return each ? { id: each.id, number: each.number, sha: each.sha } : null;
  };
  const source = by(row.sourceDeploymentId);
  // What overtook it at the host may be of another target, in an environment that is not shown to everybody.
  const seen = found.some(({ id, slug }) => id === supersededById && mayIn(ctx.actor, 'deployment.read', slug));
  const newer = seen ? by(supersededById) : null;
  const shown = {
    source: source ? { id: source.id, number: source.number } : null,
    supersededBy: newer ? { id: newer.id, number: newer.number } : null,
    previous: by(row.previousDeploymentId),
    current: by(target.currentDeploymentId),
  };
  return { shown, previousMode: found.find(({ id }) => id === previousDeploymentId)?.mode ?? null };
}

/** The evidence says what was shown; until then, what was asked stands alone. */
function toMode(row: Row, before: Row['rendering']): DeploymentDetail['mode'] {
  if (row.rendering === null) return null;
  const proof = row.evidence?.rendering as Shown | undefined;
  return { asked: row.rendering, before, shown: proof?.shown ?? null, sentence: proof?.sentence ?? null };
}

/** An unknown provider proves nothing, so its abilities stay assumed. `runs`: of whoever runs it, where that is another one. */
export function withProvider(
  facts: DeploymentFacts,
  manifest: ProviderManifest | null,
  runs = manifest,
): DeploymentFacts {
  if (!manifest) return facts;
  const { capabilities, label } = manifest;
  return {
    ...facts,
    providerLabel: label,
    canDeploy: canPutLive(capabilities),
    capabilities: { cancel: !runs || runs.capabilities.cancel !== undefined, retry: capabilities.retry !== undefined },
  };
}

export function mayDo({ actor }: Pick<ServiceContext, 'actor'>, environmentSlug: string): May {
  return {
    cancel: mayIn(actor, 'deployment.cancel', environmentSlug),
    retry: mayIn(actor, 'deployment.retry', environmentSlug),
    request: mayIn(actor, 'deployment.request', environmentSlug),
    rollBack: mayIn(actor, 'deployment.rollback', environmentSlug),
    resolve: mayIn(actor, 'deployment.resolve', environmentSlug),
    approve: mayIn(actor, 'deployment.approve', environmentSlug),
    overrideFreeze: mayIn(actor, 'freeze.override', environmentSlug),
  };
}
