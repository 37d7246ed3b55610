import 'server-only';
import { and, eq, gt, isNull, or } from 'drizzle-orm';
import type { DbOrTx } from '@/lib/db/client';
import { components, deployments, environments, pins, releases, targets } from '@/lib/db/schema';
import type { DeploymentSummary, PinView } from '../model/view';

/** ISO 8601 in UTC, as every view has it. */
export const iso = (date: Date | null): string | null => date?.toISOString() ?? null;

/** The columns that a summary needs, and no more: `inputs`, `config` and `evidence` stay in the table. */
const summaryColumns = {
  id: deployments.id,
  number: deployments.number,
  targetId: deployments.targetId,
  kind: deployments.kind,
  status: deployments.status,
  statusSince: deployments.statusSince,
  componentSlug: components.slug,
  componentName: components.name,
  environmentSlug: environments.slug,
  environmentName: environments.name,
  isProduction: environments.isProduction,
  ref: deployments.ref,
  refKind: deployments.refKind,
  sha: deployments.sha,
  message: releases.message,
  author: releases.author,
  release: releases.version,
  requestedById: deployments.requestedById,
  requestedByName: deployments.requestedByName,
  requestedAt: deployments.requestedAt,
  startedAt: deployments.startedAt,
  finishedAt: deployments.finishedAt,
  waitingFor: deployments.waitingFor,
  attention: deployments.attention,
  failureCode: deployments.failureCode,
  failureSentence: deployments.failureSentence,
  failureStep: deployments.failureStep,
  currentDeploymentId: targets.currentDeploymentId,
  remoteUrl: deployments.remoteUrl,
};

/** Deployments with the names a person reads; add `where`, `orderBy` and `limit`. */
export function selectSummaries(db: DbOrTx) {
  return db
    .select(summaryColumns)
    .from(deployments)
    .innerJoin(components, eq(components.id, deployments.componentId))
    .innerJoin(environments, eq(environments.id, deployments.environmentId))
    .innerJoin(releases, eq(releases.id, deployments.releaseId))
    .innerJoin(targets, eq(targets.id, deployments.targetId))
    .$dynamic();
}

export type SummaryRow = Awaited<ReturnType<typeof selectSummaries>>[number];

export function toSummary(row: SummaryRow): DeploymentSummary {
  return {
    id: row.id,
    number: row.number,
    kind: row.kind,
    status: row.status,
    statusSince: row.statusSince.toISOString(),
    component: { slug: row.componentSlug, name: row.componentName },
    environment: { slug: row.environmentSlug, name: row.environmentName, isProduction: row.isProduction },
    revision: { ref: row.ref, refKind: row.refKind, sha: row.sha, message: row.message, author: row.author },
    version: row.release,
    requestedBy: { id: row.requestedById, name: row.requestedByName },
    requestedAt: row.requestedAt.toISOString(),
    startedAt: iso(row.startedAt),
    finishedAt: iso(row.finishedAt),
    durationMs: row.startedAt && row.finishedAt ? row.finishedAt.getTime() - row.startedAt.getTime() : null,
    waitingFor: row.waitingFor,
    attention: row.attention,
    failure: toFailure(row),
    isCurrent: row.currentDeploymentId === row.id,
    remoteUrl: row.remoteUrl,
  };
}

function toFailure(row: SummaryRow): DeploymentSummary['failure'] {
  if (!row.failureSentence) return null;
  return { code: row.failureCode ?? 'failed', sentence: row.failureSentence, step: row.failureStep };
}

/** Pins that hold now: neither lifted nor expired. `now` is epoch milliseconds. */
export function activePins(now: number) {
  return and(isNull(pins.liftedAt), or(isNull(pins.expiresAt), gt(pins.expiresAt, new Date(now))));
}

export function toPin(row: typeof pins.$inferSelect): PinView {
  return {
    id: row.id,
    kind: row.kind,
    reason: row.reason,
    by: row.createdByName,
    since: row.createdAt.toISOString(),
    until: iso(row.expiresAt),
  };
}
