import { sql } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { serviceNotices } from '@/lib/db/schema';
import type { ServiceStatus } from '@/lib/providers/port';

/** Failures are compared over 90 days; what a provider said stays a little longer. */
const KEEP_DAYS = 100;

/** Keeps what a page says now: it forgets its own trouble a few days later, and a failure is looked at long after. */
export async function keepNotices(
  { db }: Pick<ServiceContext, 'db'>,
  providerId: string,
  { incidents, maintenance }: ServiceStatus,
): Promise<void> {
  const running = maintenance
    .filter(({ running }) => running)
    .map(({ name, url, parts, from }) => ({ name, url, parts, since: from, impact: 'maintenance', latest: null }));
  for (const each of [...incidents, ...running]) {
    const since = new Date(each.since);
    if (Number.isNaN(since.getTime())) continue;
    const { name, url, impact, parts, latest } = each;
    const said = { name, url, impact, parts, latest };
    await db
      .insert(serviceNotices)
      .values({ providerId, key: `${since.toISOString()} ${name}`.slice(0, 200), since, ...said })
      .onConflictDoUpdate({
        target: [serviceNotices.providerId, serviceNotices.key],
        set: { ...said, seenAt: sql`now()` },
      });
  }
}

/** Drops what is too old to explain anything. Returns how many. */
export async function pruneNotices({ db }: Pick<ServiceContext, 'db'>): Promise<number> {
  const gone = await db.execute(
    sql`delete from ${serviceNotices} where seen_at < now() - make_interval(days => ${KEEP_DAYS})`,
  );
  return gone.rowCount ?? 0;
}
