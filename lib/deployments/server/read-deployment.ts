import 'server-only';
import { and, asc, desc, eq, inArray, ne } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { deployments, events, pins } from '@/lib/db/schema';
import { type DeploymentFacts, eligibility, type May } from '../model/eligibility';
import { IN_FLIGHT_STATUSES } from '../model/status';
import type { DeploymentDetail } from '../model/view';
import { type ProviderManifest, readManifest } from './read-provider';
import { connectionProblem, type LoadedTarget, loadTarget, mayIn, notFound } from './read-scope';
import { readJobs } from './read-steps';
import { toTimelineEntry } from './read-timeline';
import { readUsual } from './read-usual';
import { activePins, iso, selectSummaries, toPin, toSummary } from './row-views';

type Row = typeof deployments.$inferSelect;

/** Everything that the deployment page shows. Throws `notFound` outside the actor's environments. */
export async function readDeployment(ctx: ServiceContext, input: { deploymentId: string }): Promise<DeploymentDetail> {
  const row = await ctx.db.query.deployments.findFirst({ where: eq(deployments.id, input.deploymentId) });
  if (!row) throw notFound('deployment');
  const target = await loadTarget(ctx, row.targetId).catch(() => Promise.reject(notFound('deployment')));
  const [summary, neighbours, timeline, jobs, usual, manifest, facts] = await Promise.all([
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
    readFacts(ctx, row, target),
  ]);
  if (!summary[0]) throw notFound('deployment');
  return {
    ...toSummary(summary[0]),
    ...ownFacts(row),
    ...neighbours,
    provider: { label: manifest?.label ?? row.providerId, connectionName: target.connection.name },
    usual: usual.get(row.targetId) ?? null,
    jobs,
    timeline: timeline.map(toTimelineEntry),
    actions: eligibility(withProvider(facts, manifest), mayDo(ctx, target.environment.slug)),
    logs: manifest?.capabilities.logs ? { mode: manifest.capabilities.logs.mode } : null,
  };
}

function ownFacts(row: Row) {
  return {
    targetId: row.targetId,
    reason: row.reason,
    // What the target's settings fixed was sent too; the adapter adds it, so the row's own inputs leave it out.
    inputs: { ...(row.config.inputs as typeof row.inputs | undefined), ...row.inputs },
    remote: row.remoteId ? { id: row.remoteId, attempt: row.remoteAttempt, url: row.remoteUrl } : null,
    rawPhase: row.rawPhase,
    deadlineAt: iso(row.deadlineAt),
    observedAt: iso(row.observedAt),
    trouble: row.troubleSentence,
    evidence: toEvidence(row),
    cancelRequestedBy: row.cancelRequestedByName,
  };
}

function toEvidence(row: Row): DeploymentDetail['evidence'] {
  const sentence = row.evidence?.sentence;
  if (typeof sentence !== 'string') return null;
  const at = row.evidence?.at;
  return { sentence, at: typeof at === 'string' ? at : (row.finishedAt ?? row.statusSince).toISOString() };
}

async function readNeighbours(ctx: ServiceContext, row: Row, { target }: LoadedTarget) {
  const wanted = [row.sourceDeploymentId, row.previousDeploymentId, target.currentDeploymentId].filter(
    (id) => id !== null,
  );
  const found = wanted.length
    ? await ctx.db
        .select({ id: deployments.id, number: deployments.number, sha: deployments.sha })
        .from(deployments)
        .where(inArray(deployments.id, wanted))
    : [];
  const by = (id: string | null) => found.find((each) => each.id === id) ?? null;
  const source = by(row.sourceDeploymentId);
  return {
    source: source ? { id: source.id, number: source.number } : null,
    previous: by(row.previousDeploymentId),
    current: by(target.currentDeploymentId),
  };
}

/** Facts for `eligibility()`; verbs load them inside their transaction and ask the same function. */
export async function readFacts(ctx: ServiceContext, row: Row, loaded: LoadedTarget): Promise<DeploymentFacts> {
  const inFlight = and(
    eq(deployments.targetId, row.targetId),
    inArray(deployments.status, [...IN_FLIGHT_STATUSES]),
    ne(deployments.id, row.id),
  );
  const currentId = loaded.target.currentDeploymentId;
  const [others, held, current] = await Promise.all([
    ctx.db.select({ number: deployments.number }).from(deployments).where(inFlight).limit(1),
    ctx.db
      .select()
      .from(pins)
      .where(and(eq(pins.targetId, row.targetId), activePins(ctx.clock.now())))
      .orderBy(desc(pins.createdAt)),
    currentId
      ? ctx.db.select({ number: deployments.number }).from(deployments).where(eq(deployments.id, currentId))
      : [],
  ]);
  const live = current[0]?.number ?? null;
  const { connection, environment } = loaded;
  return {
    environmentName: environment.name,
    mayRequest: mayIn(ctx.actor, 'deployment.request', environment.slug),
    connection: {
      name: connection.name,
      state: connection.state,
      hasCredential: connection.sealedCredential !== null,
      problem: connectionProblem(connection.report),
    },
    pins: held.map(toPin),
    status: row.status,
    attention: row.attention,
    hasRun: row.remoteId !== null,
    isCurrent: currentId === row.id,
    cancelRequestedBy: row.cancelRequestedByName,
    otherInFlight: others[0]?.number ?? null,
    newerLive: live !== null && live > row.number ? live : null,
    capabilities: { cancel: true, retry: true },
  };
}

/** An unknown provider proves nothing, so its abilities stay assumed. */
export function withProvider(facts: DeploymentFacts, manifest: ProviderManifest | null): DeploymentFacts {
  if (!manifest) return facts;
  const { capabilities, label } = manifest;
  return {
    ...facts,
    providerLabel: label,
    canDeploy: capabilities.deploy !== undefined,
    capabilities: { cancel: capabilities.cancel !== undefined, retry: capabilities.retry !== undefined },
  };
}

export function mayDo({ actor }: Pick<ServiceContext, 'actor'>, environmentSlug: string): May {
  return {
    cancel: mayIn(actor, 'deployment.cancel', environmentSlug),
    retry: mayIn(actor, 'deployment.retry', environmentSlug),
    request: mayIn(actor, 'deployment.request', environmentSlug),
    rollBack: mayIn(actor, 'deployment.rollback', environmentSlug),
    resolve: mayIn(actor, 'deployment.resolve', environmentSlug),
  };
}
