import { asc, eq, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { personId } from '@/lib/auth/actor';
import type { ServiceContext } from '@/lib/auth/context';
import { requireAnywhere } from '@/lib/auth/require';
import { quotas } from '@/lib/db/schema';
import { catalog } from '@/lib/providers/catalog.generated';
import type { AnyProvider } from '@/lib/providers/port';
import { budgetOf, type Consumer, isAutomatic, isBackground, onlyMeasures, windowsAnHour } from '../model/consumer';
import type { connectionRef } from '../model/schemas';
import type { ConsumerUse, QuotaDetail, UseCounts } from '../model/view';
import { quotaView } from './list';
import { loadConnection } from './rows';

type UsageRow = { hour: string; consumer: Consumer; name: string | null; charged: number; free: number; held: number };

const manifests: Readonly<Record<string, AnyProvider['manifest']>> = catalog;

const NONE: UseCounts = { charged: 0, free: 0, held: 0 };

/** What is left of one connection's quota, and who used how much of it in the last 24 hours. Throws `ServiceError` notFound. */
export async function readQuota(ctx: ServiceContext, input: z.output<typeof connectionRef>): Promise<QuotaDetail> {
  requireAnywhere(ctx.actor, 'connection.read');
  const row = await loadConnection(ctx.db, input.id);
  const [figures, usage, now] = await Promise.all([
    ctx.db.select().from(quotas).where(eq(quotas.connectionId, row.id)).orderBy(asc(quotas.resource)),
    readUsage(ctx, row.id),
    databaseHour(ctx),
  ]);
  const views = figures.map(quotaView);
  const told = views.find((view) => view.resource === 'core')?.limit ?? views[0]?.limit ?? 0;
  const manifest = manifests[row.providerId];
  const measures = manifest !== undefined && onlyMeasures(manifest);
  const limit = measures ? 0 : told * windowsAnHour(manifest?.limitsFor);
  const thisHour = usage.filter((each) => each.hour === now);
  const used = thisHour.filter((each) => isAutomatic(each.consumer)).reduce((sum, each) => sum + each.charged, 0);
  return {
    connection: { id: row.id, name: row.name },
    quotas: views,
    blockedUntil: latest(views.map((view) => view.blockedUntil)),
    budget: {
      percent: row.budgetPercent,
      share: limit > 0 ? budgetOf(limit, row.budgetPercent) : null,
      used,
      measures,
    },
    hour: now,
    hours: byHour(usage, now),
    consumers: byConsumer(usage, now),
  };
}

async function databaseHour(ctx: ServiceContext): Promise<string> {
  const { rows } = await ctx.db.execute<{ hour: number }>(
    sql`select (extract(epoch from date_trunc('hour', now(), 'UTC')) * 1000)::float8 as hour`,
  );
  return new Date(rows[0]?.hour ?? 0).toISOString();
}

async function readUsage(ctx: ServiceContext, connectionId: string): Promise<UsageRow[]> {
  const { rows } = await ctx.db.execute<Omit<UsageRow, 'hour'> & { at: number }>(sql`
    select (extract(epoch from u.hour) * 1000)::float8 as at, u.consumer, coalesce(p.name, case when t.user_id = ${personId(ctx.actor)} then t.name end) as name,
           u.charged, u.free, u.held
    from quota_usage u
    left join users p on u.consumer = 'person:' || p.id
    left join api_tokens t on u.consumer = 'token:' || t.id
    where u.connection_id = ${connectionId} and u.hour > now() - interval '24 hours'
    order by u.hour, u.consumer`);
  return rows.map(({ at, ...row }) => ({ ...row, hour: new Date(at).toISOString() }));
}

function latest(times: readonly (string | null)[]): string | null {
  return times.reduce((a, b) => (a === null || (b !== null && b > a) ? b : a), null);
}

function plus(a: UseCounts, b: UseCounts): UseCounts {
  return { charged: a.charged + b.charged, free: a.free + b.free, held: a.held + b.held };
}

/** 24 hours, oldest first, also those in which nothing was asked. */
function byHour(usage: readonly UsageRow[], now: string): QuotaDetail['hours'] {
  const last = Date.parse(now);
  return Array.from({ length: 24 }, (_, i) => {
    const hour = new Date(last - (23 - i) * 3_600_000).toISOString();
    return { hour, ...usage.filter((each) => each.hour === hour).reduce(plus, NONE) };
  });
}

function byConsumer(usage: readonly UsageRow[], now: string): ConsumerUse[] {
  const all = new Map<Consumer, ConsumerUse>();
  for (const row of usage) {
    const { consumer, name } = row;
    const known = all.get(consumer) ?? { consumer, name, waits: isBackground(consumer), thisHour: NONE, day: NONE };
    const thisHour = row.hour === now ? plus(known.thisHour, row) : known.thisHour;
    all.set(consumer, { ...known, thisHour, day: plus(known.day, row) });
  }
  return [...all.values()].sort((a, b) => b.day.charged - a.day.charged || a.consumer.localeCompare(b.consumer));
}
