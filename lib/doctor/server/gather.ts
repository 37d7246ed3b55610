import { asc, count, eq, inArray, sql } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { credentialEnd } from '@/lib/connections/model/way-out';
import { quotaView, targetsThrough } from '@/lib/connections/server/list';
import { components, connections, quotas } from '@/lib/db/schema';
import type { CredentialReport, Manifest } from '@/lib/providers/port';
import { providers } from '@/lib/providers/registry.generated';
import type { ConnectionFacts } from '../model/facts';
import { type TargetsOf, targetsByConnection } from './gather-targets';
import { type Traffic, trafficOf } from './gather-traffic';

type Row = typeof connections.$inferSelect;

interface Known {
  uses: Map<string, number>;
  figures: Map<string, (typeof quotas.$inferSelect)[]>;
  bound: TargetsOf;
  traffic: Map<string, Traffic>;
}

const QUIET: Traffic = { lastReceivedAt: null, setAside: { recent: 0, newest: null } };

/** What the database knows of every connection, by name. Asks no provider; targets that the reader may not see stay out. */
export async function gatherFacts(ctx: ServiceContext): Promise<ConnectionFacts[]> {
  const rows = await ctx.db.select().from(connections).orderBy(asc(connections.name)).limit(500);
  const ids = rows.map((row) => row.id);
  if (ids.length === 0) return [];
  const [uses, figures, bound, traffic] = await Promise.all([
    usesOf(ctx),
    ctx.db.select().from(quotas).where(inArray(quotas.connectionId, ids)).orderBy(asc(quotas.resource)),
    targetsByConnection(ctx),
    trafficOf(ctx),
  ]);
  const known = { uses, bound, traffic, figures: Map.groupBy(figures, (each) => each.connectionId) };
  return rows.map((row) => factsOf(row, known));
}

function factsOf(row: Row, { uses, figures, bound, traffic }: Known): ConnectionFacts {
  const manifest = Object.hasOwn(providers, row.providerId) ? providers[row.providerId]?.manifest : undefined;
  const { lastReceivedAt, setAside } = traffic.get(row.id) ?? QUIET;
  const through = bound.get(row.id);
  const sent = through?.lastSentAt ?? null;
  // Written by verifyConnection only, always as a CredentialReport.
  const report = row.report as CredentialReport | null;
  const end = credentialEnd(manifest, report);
  return {
    id: row.id,
    name: row.name,
    provider: { id: row.providerId, label: manifest?.label ?? row.providerId, known: manifest !== undefined },
    hasCredential: row.sealedCredential !== null,
    authorities: row.authorities ?? [],
    state: row.sealedCredential === null ? 'failing' : row.state,
    ...{ report, endsAt: end.at, wayOut: end.wayOut },
    needs: needsOf(manifest?.needs, row.credentialKind),
    checkedAt: row.checkedAt?.toISOString() ?? null,
    quotas: (figures.get(row.id) ?? []).map(quotaView),
    webhook: {
      supported: manifest?.capabilities.webhooks !== undefined,
      configured: row.sealedWebhookSecret !== null,
      rotating: row.sealedPreviousWebhookSecret !== null,
      ...{ lastReceivedAt, setAside },
    },
    uses: uses.get(row.id) ?? 0,
    targets: through?.seen ?? [],
    // What is older than the connection went through another one, or came with a backup.
    lastSentAt: sent && sent > row.createdAt.toISOString() ? sent : null,
  };
}

function needsOf(needs: Manifest['needs'], kind: Row['credentialKind']): ConnectionFacts['needs'] {
  const uses = Object.entries(needs ?? {}).flatMap(([use, by]) => (by[kind] ? [[use, by[kind]]] : []));
  return Object.fromEntries(uses);
}

/** Targets that deploy through it or name it as their runtime, and components whose images are read through it. */
async function usesOf(ctx: ServiceContext): Promise<Map<string, number>> {
  const [deploys, reads] = await Promise.all([
    targetsThrough(ctx.db),
    ctx.db
      .select({ id: sql<string>`${components.imageConnectionId}`, n: count() })
      .from(components)
      .innerJoin(connections, eq(connections.id, components.imageConnectionId))
      .groupBy(components.imageConnectionId),
  ]);
  const all = new Map(deploys);
  for (const { id, n } of reads) all.set(id, (all.get(id) ?? 0) + n);
  return all;
}
