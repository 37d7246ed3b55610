import { asc, count, eq, inArray, or, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { ServiceContext } from '@/lib/auth/context';
import { isPermitted, requireAnywhere } from '@/lib/auth/require';
import { components, connections, environments, inbox, quotas, targets } from '@/lib/db/schema';
import type { AnyProvider, CredentialReport } from '@/lib/providers/port';
import { providers } from '@/lib/providers/registry.generated';
import type { connectionRef } from '../model/schemas';
import type { ConnectionDetail, ConnectionSummary, DeliverySummary, QuotaView } from '../model/view';
import { credentialEnd } from '../model/way-out';
import { type ConnectionRow, loadConnection } from './rows';

type QuotaRow = typeof quotas.$inferSelect;

export function quotaView(row: QuotaRow): QuotaView {
  return {
    resource: row.resource,
    limit: row.limit,
    remaining: row.remaining,
    resetAt: row.resetAt.toISOString(),
    blockedUntil: row.blockedUntil && row.blockedUntil.getTime() > Date.now() ? row.blockedUntil.toISOString() : null,
    updatedAt: row.updatedAt.toISOString(),
  };
}

/** A figure with no limit only records a pause; the one with the smallest share left matters most. */
function tightest(views: QuotaView[]): QuotaView | null {
  const share = (view: QuotaView) => (view.blockedUntil ? -1 : view.limit === 0 ? 2 : view.remaining / view.limit);
  return views.toSorted((a, b) => share(a) - share(b))[0] ?? null;
}

function problemOf(row: ConnectionRow, report: CredentialReport | null): string | null {
  if (row.sealedCredential === null) return 'No credential. Enter one to use this connection.';
  return report?.problems[0] ?? (row.state === 'failing' ? 'The last check failed.' : null);
}

function summaryOf(row: ConnectionRow, targetCount: number, views: QuotaView[]): ConnectionSummary {
  // Written by verifyConnection only, always as a CredentialReport.
  const report = row.report as CredentialReport | null;
  const manifest = Object.hasOwn(providers, row.providerId) ? providers[row.providerId]?.manifest : undefined;
  return {
    id: row.id,
    name: row.name,
    provider: { id: row.providerId, label: manifest?.label ?? row.providerId },
    origin: row.origin,
    credential: { kind: row.credentialKind, present: row.sealedCredential !== null, last4: row.credentialLast4 },
    state: row.sealedCredential === null ? 'failing' : row.state,
    checkedAt: row.checkedAt?.toISOString() ?? null,
    problem: problemOf(row, report),
    expiresAt: row.sealedCredential === null ? null : credentialEnd(manifest, report).at,
    targets: targetCount,
    quota: tightest(views),
  };
}

/** All connections, by name. */
export async function listConnections(ctx: ServiceContext): Promise<ConnectionSummary[]> {
  requireAnywhere(ctx.actor, 'connection.read');
  const rows = await ctx.db.select().from(connections).orderBy(asc(connections.name)).limit(500);
  const ids = rows.map((row) => row.id);
  if (ids.length === 0) return [];
  const [used, figures] = await Promise.all([
    targetsThrough(ctx.db),
    ctx.db.select().from(quotas).where(inArray(quotas.connectionId, ids)),
  ]);
  const views = Map.groupBy(figures, (row) => row.connectionId);
  return rows.map((row) => summaryOf(row, used.get(row.id) ?? 0, (views.get(row.id) ?? []).map(quotaView)));
}

/** How many targets deploy through each, or name it as their runtime; one that does both counts once. */
export async function targetsThrough(db: Pick<ServiceContext, 'db'>['db']): Promise<Map<string, number>> {
  const { rows } = await db.execute<{ id: string; n: number }>(sql`
    select p.id, count(distinct t.id)::int as n from targets t
    cross join lateral (values (t.connection_id), (t.runtime_connection_id)) as p(id)
    where p.id is not null group by p.id`);
  return new Map(rows.map(({ id, n }) => [id, n]));
}

async function deliverySummary(ctx: ServiceContext, connectionId: string): Promise<DeliverySummary> {
  const [row] = await ctx.db
    .select({
      received: count(),
      failed: sql<number>`(count(*) filter (where ${inbox.state} = 'failed'))::int`,
      duplicates: sql<number>`coalesce(sum(${inbox.duplicates}), 0)::int`,
      lastAt: sql<Date | null>`max(${inbox.receivedAt})`.mapWith(inbox.receivedAt),
    })
    .from(inbox)
    .where(sql`${inbox.connectionId} = ${connectionId} and ${inbox.receivedAt} > now() - interval '24 hours'`);
  return {
    received: row?.received ?? 0,
    failed: row?.failed ?? 0,
    duplicates: row?.duplicates ?? 0,
    lastAt: row?.lastAt?.toISOString() ?? null,
  };
}

/** Names of environments that the reader may not see stay out; the count of targets is no secret. */
function seenBy({ actor }: ServiceContext, rows: ConnectionDetail['usedBy']): ConnectionDetail['usedBy'] {
  return rows.filter((row) => isPermitted(actor, 'deployment.read', row.environment.slug));
}

async function usedBy(ctx: ServiceContext, connectionId: string): Promise<ConnectionDetail['usedBy']> {
  return await ctx.db
    .select({
      targetId: targets.id,
      label: targets.label,
      component: { slug: components.slug, name: components.name },
      environment: { slug: environments.slug, name: environments.name },
    })
    .from(targets)
    .innerJoin(components, eq(components.id, targets.componentId))
    .innerJoin(environments, eq(environments.id, targets.environmentId))
    .where(or(eq(targets.connectionId, connectionId), eq(targets.runtimeConnectionId, connectionId)))
    .orderBy(asc(components.position), asc(environments.position), asc(targets.label))
    .limit(500);
}

function sentTo(row: ConnectionRow, manifest: AnyProvider['manifest'] | undefined): string[] {
  const services = [manifest?.tokenOriginOf?.(row.origin), row.tokenOrigin];
  return [...new Set([row.origin, ...services])].filter((each) => typeof each === 'string');
}

function authoritiesOf(row: ConnectionRow, manifest: AnyProvider['manifest'] | undefined) {
  const own = manifest?.ownServer;
  return { accepted: own !== undefined, foundAt: own?.authority ?? null, trusted: row.authorities ?? [] };
}

function standingOf({ origin }: ConnectionRow, can: AnyProvider['manifest']['capabilities'] | undefined) {
  const { serviceStatus, capacity } = can ?? {};
  return { service: serviceStatus?.origins.includes(origin) ?? false, capacity: capacity !== undefined };
}

/** Components whose images are read through it. */
export async function imagesThrough(
  ctx: Pick<ServiceContext, 'db'>,
  connectionId: string,
): Promise<ConnectionDetail['imagesOf']> {
  const rows = await ctx.db
    .select({ slug: components.slug, name: components.name, image: components.image })
    .from(components)
    .where(eq(components.imageConnectionId, connectionId))
    .orderBy(asc(components.position), asc(components.slug))
    .limit(500);
  return rows.map(({ slug, name, image }) => ({ slug, name, repository: image?.repository ?? '' }));
}

/** One connection with its report, quotas, webhook state and users. Throws `ServiceError` notFound. */
export async function getConnection(
  ctx: ServiceContext,
  input: z.output<typeof connectionRef>,
): Promise<ConnectionDetail> {
  requireAnywhere(ctx.actor, 'connection.read');
  const row = await loadConnection(ctx.db, input.id);
  const [figures, deliveries, users, imagesOf] = await Promise.all([
    ctx.db.select().from(quotas).where(eq(quotas.connectionId, row.id)).orderBy(asc(quotas.resource)),
    deliverySummary(ctx, row.id),
    usedBy(ctx, row.id),
    imagesThrough(ctx, row.id),
  ]);
  const manifest = providers[row.providerId]?.manifest;
  const quotaViews = figures.map(quotaView);
  return {
    ...summaryOf(row, users.length, quotaViews),
    version: row.version,
    createdAt: row.createdAt.toISOString(),
    docsUrl: manifest?.docsUrl ?? '',
    defaultOrigin: manifest?.defaultOrigin ?? row.origin,
    credentialKinds: manifest?.credentialKinds ?? [row.credentialKind],
    credentialForms: manifest?.credentialForms ?? [],
    app: row.appId && row.installationId ? { appId: row.appId, installationId: row.installationId } : null,
    sentTo: sentTo(row, manifest),
    authorities: authoritiesOf(row, manifest),
    report: row.report as CredentialReport | null,
    quotas: quotaViews,
    webhook: {
      supported: manifest?.capabilities.webhooks !== undefined,
      path: `/api/webhooks/${row.providerId}`,
      configured: row.sealedWebhookSecret !== null,
      rotating: row.sealedPreviousWebhookSecret !== null,
      deliveries,
    },
    usedBy: seenBy(ctx, users),
    imagesOf,
    standing: standingOf(row, manifest?.capabilities),
  };
}
