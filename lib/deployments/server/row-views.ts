import 'server-only';
import { type Column, eq, sql } from 'drizzle-orm';
import type { DbOrTx } from '@/lib/db/client';
import { components, deployments, environments, releases, targets } from '@/lib/db/schema';
import type { HoldNow } from '@/lib/gates/server/holds';
import type { DeploymentSummary, PinView } from '../model/view';

/** ISO 8601 in UTC, as every view has it. */
export const iso = (date: Date | null): string | null => date?.toISOString() ?? null;

/** As the driver hands it over. A matrix has thousands of them: parsing each into a `Date` and back costs more than its query. */
const instant = (column: Column) => sql<string>`${column}`;
const instantOrNull = (column: Column) => sql<string | null>`${column}`;

/** The driver's `2026-01-31 08:30:00.123456+00` as ISO 8601 in UTC. */
export function isoOf(text: string): string {
  if (!text.endsWith('+00')) return new Date(text).toISOString();
  const fraction = text.length > 22 ? text.slice(19, -3) : '';
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${fraction.slice(1, 4).padEnd(3, '0')}Z`;
}

/** What a summary needs of a deployment and its release, and no more: `inputs`, `config`, `evidence` stay in the table. */
const factColumns = {
  id: deployments.id,
  number: deployments.number,
  targetId: deployments.targetId,
  kind: deployments.kind,
  status: deployments.status,
  statusSince: instant(deployments.statusSince),
  ref: deployments.ref,
  refKind: deployments.refKind,
  sha: deployments.sha,
  message: releases.message,
  author: releases.author,
  release: releases.version,
  requestedById: deployments.requestedById,
  requestedByName: deployments.requestedByName,
  requestedAt: instant(deployments.requestedAt),
  startedAt: instantOrNull(deployments.startedAt),
  finishedAt: instantOrNull(deployments.finishedAt),
  waitingFor: deployments.waitingFor,
  attention: deployments.attention,
  failureCode: deployments.failureCode,
  failureSentence: deployments.failureSentence,
  failureStep: deployments.failureStep,
  remoteUrl: deployments.remoteUrl,
  rendering: deployments.rendering,
};

/** Deployments without the names of where they went, for a caller that has those in hand. */
export function selectFacts(db: DbOrTx) {
  return db
    .select(factColumns)
    .from(deployments)
    .innerJoin(releases, eq(releases.id, deployments.releaseId))
    .$dynamic();
}

/** Deployments with the names a person reads; add `where`, `orderBy` and `limit`. */
export function selectSummaries(db: DbOrTx) {
  return db
    .select({
      ...factColumns,
      component: { slug: components.slug, name: components.name },
      environment: { slug: environments.slug, name: environments.name, isProduction: environments.isProduction },
      label: targets.label,
      currentId: targets.currentDeploymentId,
    })
    .from(deployments)
    .innerJoin(components, eq(components.id, deployments.componentId))
    .innerJoin(environments, eq(environments.id, deployments.environmentId))
    .innerJoin(releases, eq(releases.id, deployments.releaseId))
    .innerJoin(targets, eq(targets.id, deployments.targetId))
    .$dynamic();
}

export type FactRow = Awaited<ReturnType<typeof selectFacts>>[number];
/** Where it went, and what is live there. */
export type Place = Pick<DeploymentSummary, 'component' | 'environment' | 'label'> & { currentId: string | null };

export function toSummary(row: FactRow & Place): DeploymentSummary {
  return summaryAt(row, row);
}

export function summaryAt(row: FactRow, place: Place): DeploymentSummary {
  const { startedAt, finishedAt } = row;
  return {
    id: row.id,
    number: row.number,
    kind: row.kind,
    status: row.status,
    statusSince: isoOf(row.statusSince),
    component: place.component,
    environment: place.environment,
    label: place.label,
    revision: { ref: row.ref, refKind: row.refKind, sha: row.sha, message: row.message, author: row.author },
    version: row.release,
    requestedBy: { id: row.requestedById, name: row.requestedByName },
    requestedAt: isoOf(row.requestedAt),
    startedAt: startedAt && isoOf(startedAt),
    finishedAt: finishedAt && isoOf(finishedAt),
    durationMs: startedAt && finishedAt ? Date.parse(isoOf(finishedAt)) - Date.parse(isoOf(startedAt)) : null,
    waitingFor: row.waitingFor,
    attention: row.attention,
    failure: toFailure(row),
    isCurrent: place.currentId === row.id,
    remoteUrl: row.remoteUrl,
    rendering: row.rendering,
  };
}

function toFailure(row: FactRow): DeploymentSummary['failure'] {
  if (!row.failureSentence) return null;
  return { code: row.failureCode ?? 'failed', sentence: row.failureSentence, step: row.failureStep };
}

/** A hold as people see it; which commit it holds stays here. */
export function toPinView({ id, kind, reason, by, since, until }: HoldNow): PinView {
  return { id, kind, reason, by, since, until };
}
