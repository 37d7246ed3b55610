import { sql } from 'drizzle-orm';
import type { Tx } from '@/lib/auth/context';
import { EVENT_PLACE } from '@/lib/realtime/event-place';

/** A row of the feed with what a message says about it. */
export type FeedRow = {
  xid: string;
  id: number;
  topic: string;
  kind: string;
  at: Date | string;
  fromStatus: string | null;
  toStatus: string | null;
  actorName: string;
  sentence: string | null;
  deploymentId: string | null;
  number: number | null;
  deploymentKind: string | null;
  status: string | null;
  ref: string | null;
  sha: string | null;
  version: string | null;
  message: string | null;
  componentSlug: string | null;
  componentName: string | null;
  environmentSlug: string | null;
  environmentName: string | null;
  label: string | null;
  connectionId: string | null;
  connectionName: string | null;
  connectionState: string | null;
  again: boolean;
  outcome: string | null;
};

/** The oldest transaction still open: whatever is before it has been decided. */
export async function feedHead(tx: Tx): Promise<string> {
  const { rows } = await tx.execute<{ xid: string }>(sql`select pg_snapshot_xmin(pg_current_snapshot())::text as xid`);
  return rows[0]?.xid ?? '0';
}

/** Decided events after the cursor, in commit order; one that commits late is not skipped. See lib/realtime/feed-reader.ts. */
export async function readFeed(tx: Tx, cursor: { xid: string; id: number }, limit: number): Promise<FeedRow[]> {
  const decided = sql`(e.xid, e.id) > (${cursor.xid}::xid8, ${cursor.id}::bigint)
      and e.xid < pg_snapshot_xmin(pg_current_snapshot())`;
  // Each second finds nothing, as a rule: planning the joins below takes many times what it takes to see that.
  const { rowCount } = await tx.execute(sql`select from events e where ${decided} limit 1`);
  if (!rowCount) return [];
  const { rows } = await tx.execute<FeedRow>(sql`
    select e.xid::text as xid, e.id::float8 as id, e.topic, e.kind, e.at, e.from_status as "fromStatus",
           e.to_status as "toStatus", e.actor_name as "actorName", coalesce(e.data->>'sentence', e.data->>'reason', '“' || f.name || '”: ' || f.reason) as sentence,
           d.id as "deploymentId", d.number::float8 as number, d.kind as "deploymentKind", d.status, d.ref, d.sha,
           r.version, r.message, c.slug as "componentSlug", c.name as "componentName",
           env.slug as "environmentSlug", env.name as "environmentName", t.label,
           con.id as "connectionId", con.name as "connectionName", con.state as "connectionState",
           e.data->>'outcome' as outcome,
           e.kind = 'claim' and exists (select from events p where p.deployment_id = e.deployment_id and p.kind = 'claim' and p.id < e.id) as again
    from events e ${EVENT_PLACE}
    left join releases r on r.id = d.release_id
    left join components c on c.id = coalesce(t.component_id, e.data->>'componentId')
    left join connections con on con.id = e.data->>'connectionId'
    where ${decided}
    order by e.xid, e.id limit ${limit}`);
  return rows;
}
