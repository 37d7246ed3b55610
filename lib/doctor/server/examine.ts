import { sql } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { isPermittedEverywhere, requireAnywhere } from '@/lib/auth/require';
import { listSubscriptions } from '@/lib/notifications/server/list';
import type { ConnectionFacts } from '../model/facts';
import { findingsOf, subscriptionFindings } from '../model/find';
import type { DoctorConnection, DoctorView, Finding } from '../model/view';
import { gatherFacts } from './gather';

/** What is wrong with the connections, by what is stored: no provider is asked. Throws `ServiceError` forbidden. */
export async function examine(ctx: ServiceContext): Promise<DoctorView> {
  requireAnywhere(ctx.actor, 'connection.read');
  const [now, facts, subscriptions] = await Promise.all([databaseNow(ctx), gatherFacts(ctx), subscriptionsOf(ctx)]);
  const connections = facts.map((each) => connectionView(each, now));
  const all = [...connections.flatMap((each) => each.findings), ...(subscriptions ?? [])];
  const counted = (severity: Finding['severity']) => all.filter((each) => each.severity === severity).length;
  const counts = { broken: counted('broken'), warning: counted('warning'), note: counted('note') };
  return { at: now, counts, connections, subscriptions };
}

async function databaseNow(ctx: ServiceContext): Promise<string> {
  const { rows } = await ctx.db.execute<{ ms: number }>(sql`select (extract(epoch from now()) * 1000)::float8 as ms`);
  return new Date(rows[0]?.ms ?? 0).toISOString();
}

async function subscriptionsOf(ctx: ServiceContext): Promise<Finding[] | null> {
  if (!isPermittedEverywhere(ctx.actor, 'subscription.manage')) return null;
  const rows = await listSubscriptions(ctx);
  return subscriptionFindings(
    rows.map(({ id, name, disabledAt, dead, trouble }) => ({ id, name, enabled: disabledAt === null, dead, trouble })),
  );
}

function connectionView(facts: ConnectionFacts, now: string): DoctorConnection {
  const { id, name, provider, state, report, checkedAt, quotas, webhook, uses, hasCredential, endsAt } = facts;
  return {
    id,
    name,
    provider: { id: provider.id, label: provider.label },
    ...{ state, checkedAt, quotas },
    account: report?.account || null,
    expiresAt: hasCredential ? (endsAt ?? report?.expiresAt ?? null) : null,
    scopes: report?.scopes ?? [],
    webhook: {
      supported: webhook.supported,
      configured: webhook.configured,
      lastReceivedAt: webhook.lastReceivedAt,
      lastFailedAt: webhook.setAside.newest?.at ?? null,
    },
    uses,
    findings: findingsOf(facts, now),
  };
}
