import { sql } from 'drizzle-orm';
import type { Database } from '@/lib/db/client';
import { EVENT_PLACE } from './event-place';
import type { LiveEvent } from './protocol';

export interface FeedEvent extends LiveEvent {
  /** Whose grants decide who may see it; null = the whole installation. */
  environment: string | null;
}

type Row = {
  xid: string;
  id: number;
  topic: LiveEvent['topic'];
  kind: string;
  at: Date | string;
  deployment_id: string | null;
  target_id: string | null;
  from_status: string | null;
  to_status: string | null;
  actor_name: string;
  environment: string | null;
};

export interface Cursor {
  xid: string;
  id: number;
}

export function format(cursor: Cursor): string {
  return `${cursor.xid}-${cursor.id}`;
}

/** Null for anything that is not a cursor of ours: the caller then starts afresh. */
export function parse(text: string): Cursor | null {
  const match = /^(\d{1,20})-(\d{1,15})$/.exec(text);
  return match?.[1] && match[2] ? { xid: match[1], id: Number(match[2]) } : null;
}

export function isAfter(a: Cursor, b: Cursor): boolean {
  const [ax, bx] = [BigInt(a.xid), BigInt(b.xid)];
  return ax > bx || (ax === bx && a.id > b.id);
}

export async function headCursor(database: Database): Promise<Cursor> {
  const { rows } = await database.db.execute<{ xid: string }>(
    sql`select pg_snapshot_xmin(pg_current_snapshot())::text as xid`,
  );
  return { xid: rows[0]?.xid ?? '0', id: 0 };
}

export async function readAfter(
  database: Database,
  cursor: Cursor,
  limit: number,
): Promise<{ rows: Row[]; pending: boolean }> {
  const result = await database.db.execute<Row & { settled: boolean }>(sql`
    select e.xid::text as xid, e.id::float8 as id, e.topic, e.kind, e.at, e.deployment_id, e.target_id, e.from_status, e.to_status,
           e.actor_name, env.slug as environment, e.xid < pg_snapshot_xmin(pg_current_snapshot()) as settled
    from events e ${EVENT_PLACE}
    where (e.xid, e.id) > (${cursor.xid}::xid8, ${cursor.id}::bigint)
    order by e.xid, e.id limit ${limit}`);
  const rows = result.rows.filter((row) => row.settled);
  return { rows, pending: rows.length < result.rows.length };
}

export function toEvent(row: Row): FeedEvent {
  return {
    cursor: format(row),
    topic: row.topic,
    kind: row.kind,
    at: new Date(row.at).toISOString(),
    deploymentId: row.deployment_id,
    targetId: row.target_id,
    fromStatus: row.from_status,
    toStatus: row.to_status,
    actorName: row.actor_name,
    environment: row.environment,
  };
}
