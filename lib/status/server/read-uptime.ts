import { sql } from 'drizzle-orm';
import type { DbOrTx } from '@/lib/db/client';
import { healthSamples, targets } from '@/lib/db/schema';
import { type DayCount, type PublicUptime, UPTIME_DAYS, uptimeOf } from '../model/uptime';

type Row = { targetId: string; day: string | null; ok: number; failed: number; today: string; elapsed: number };

/** Uptime of each public target that our own probes ask, by day in UTC: from the samples that verdicts are made of too. */
export async function readUptime(db: DbOrTx): Promise<Map<string, PublicUptime>> {
  const midnight = sql`date_trunc('day', now() at time zone 'utc')`;
  const { rows } = await db.execute<Row>(sql`
    select t.id as "targetId", to_char(date_trunc('day', h.at at time zone 'utc'), 'YYYY-MM-DD') as day,
      coalesce(sum(h.ok), 0)::int as ok, coalesce(sum(h.failed), 0)::int as failed,
      to_char(${midnight}, 'YYYY-MM-DD') as today, extract(epoch from (now() at time zone 'utc') - ${midnight})::float8 as elapsed
    from ${targets} t left join ${healthSamples} h on h.target_id = t.id
      and h.at >= (${midnight} - make_interval(days => ${UPTIME_DAYS - 1})) at time zone 'utc'
    where t.is_public and t.health->>'watchUrl' is not null
    group by t.id, date_trunc('day', h.at at time zone 'utc')`);
  const byTarget = new Map<string, Row[]>();
  for (const row of rows) byTarget.set(row.targetId, [...(byTarget.get(row.targetId) ?? []), row]);
  return new Map([...byTarget].map(([targetId, days]) => [targetId, ofTarget(days)]));
}

function ofTarget(rows: readonly Row[]): PublicUptime {
  const counts = rows.flatMap(({ day, ok, failed }): DayCount[] => (day === null ? [] : [{ day, ok, failed }]));
  return uptimeOf(counts, rows[0]?.today ?? '', rows[0]?.elapsed ?? 0);
}
