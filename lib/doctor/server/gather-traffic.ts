import { sql } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { MAX_TRIES, UNREADABLE } from '@/lib/connections/model/delivery';
import type { ConnectionFacts } from '../model/facts';

export type Traffic = Pick<ConnectionFacts['webhook'], 'lastReceivedAt' | 'setAside'>;

interface Line extends Record<string, unknown> {
  connection_id: string;
  last_ms: number | null;
  recent: number;
  id: string | null;
  event: string | null;
  at_ms: number | null;
}

const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());

/** For each connection the last webhook that came, and those that were given up. Bodies are not read. */
export async function trafficOf(ctx: ServiceContext): Promise<Map<string, Traffic>> {
  const { rows } = await ctx.db.execute<Line>(sql`
    select c.id as connection_id, newest.last_ms, coalesce(aside.recent, 0) as recent, aside.id, aside.event, aside.at_ms
    from connections c
    left join lateral (
      select (extract(epoch from i.received_at) * 1000)::float8 as last_ms
      from inbox i where i.connection_id = c.id order by i.received_at desc limit 1
    ) newest on true
    left join (
      select connection_id, id, event, (extract(epoch from received_at) * 1000)::float8 as at_ms,
        (count(*) filter (where received_at > now() - interval '7 days') over each)::int as recent,
        row_number() over (each order by received_at desc) as place
      from inbox where state = 'failed' and tries >= ${MAX_TRIES}
      window each as (partition by connection_id)
    ) aside on aside.connection_id = c.id and aside.place = 1`);
  return new Map(rows.map((row) => [row.connection_id, trafficIn(row)]));
}

function trafficIn({ last_ms, recent, id, event, at_ms }: Line): Traffic {
  const at = iso(at_ms);
  const newest = id && event && at ? { id, event, at, readable: event !== UNREADABLE } : null;
  return { lastReceivedAt: iso(last_ms), setAside: { recent, newest } };
}
