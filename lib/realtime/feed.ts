import { sql } from 'drizzle-orm';
import pg from 'pg';
import type { Database } from '@/lib/db/client';
import type { LiveEvent } from './protocol';
import { CHANNEL } from './publish';

export interface FeedEvent extends LiveEvent {
  /** Whose grants decide who may see it; null = the whole installation. */
  environment: string | null;
}

export interface Feed {
  /** From now on; returns where "now" is, and how to stop. */
  subscribe(listener: (event: FeedEvent) => void): { cursor: string; stop: () => void };
  /** Events after `cursor` up to and including `until`; null when there are too many to replay. */
  replay(cursor: string, until: string): Promise<FeedEvent[] | null>;
  ready(): Promise<void>;
  close(): Promise<void>;
}

const REPLAY_LIMIT = 1000;
const POLL_MS = 2000;
const PENDING_MS = 40;

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

/**
 * LISTEN wakes it, the events table is what it reads: in order of transaction id, and only below the oldest transaction
 * still open, so an event that commits late is never skipped. A poll every 2 s covers a lost listener.
 */
export function createFeed(database: Database, options: { onError: (error: Error) => void }): Feed {
  const listeners = new Set<(event: FeedEvent) => void>();
  let cursor: Cursor | null = null;
  let listener: pg.Client | null = null;
  let reading: Promise<void> | null = null;
  let again = false;
  let closed = false;

  async function readNew(): Promise<void> {
    cursor ??= await headCursor(database);
    const { rows, pending } = await readAfter(database, cursor, 500);
    for (const row of rows) {
      cursor = { xid: row.xid, id: row.id };
      for (const each of listeners) each(toEvent(row));
    }
    if (rows.length === 500) again = true;
    else if (pending) setTimeout(wake, PENDING_MS).unref();
  }

  function wake(): void {
    if (closed) return;
    if (reading) {
      again = true;
      return;
    }
    reading = readNew()
      .catch(options.onError)
      .finally(() => {
        reading = null;
        if (again) {
          again = false;
          wake();
        }
      });
  }

  async function listen(): Promise<void> {
    const client = new pg.Client({
      connectionString: database.url,
      application_name: 'aetherstack-feed',
      keepAlive: true,
    });
    const lost = (error?: Error) => {
      if (listener !== client || closed) return;
      listener = null;
      if (error) options.onError(error);
      client.end().catch(() => {});
    };
    client.on('error', lost);
    client.on('end', () => lost());
    client.on('notification', wake);
    listener = client;
    try {
      await client.connect();
      await client.query(`listen ${CHANNEL}`);
    } catch (error) {
      lost(error instanceof Error ? error : new Error(String(error)));
    }
  }

  const started = listen().then(readNew).catch(options.onError);
  const timer = setInterval(() => {
    if (!listener) void listen();
    wake();
  }, POLL_MS);
  timer.unref();

  return {
    subscribe(each) {
      listeners.add(each);
      return { cursor: cursor ? format(cursor) : '0-0', stop: () => listeners.delete(each) };
    },
    async replay(from, until) {
      const start = parse(from);
      const end = parse(until);
      if (!start || !end) return null;
      const { rows } = await readAfter(database, start, REPLAY_LIMIT + 1);
      if (rows.length > REPLAY_LIMIT) return null;
      return rows.filter((row) => !isAfter(row, end)).map(toEvent);
    },
    ready: () => started,
    async close() {
      closed = true;
      clearInterval(timer);
      await reading;
      await listener?.end().catch(() => {});
    },
  };
}

interface Cursor {
  xid: string;
  id: number;
}

function format(cursor: Cursor): string {
  return `${cursor.xid}-${cursor.id}`;
}

/** Null for anything that is not a cursor of ours: the caller then starts afresh. */
export function parse(text: string): Cursor | null {
  const match = /^(\d{1,20})-(\d{1,15})$/.exec(text);
  return match?.[1] && match[2] ? { xid: match[1], id: Number(match[2]) } : null;
}

function isAfter(a: Cursor, b: Cursor): boolean {
  const [ax, bx] = [BigInt(a.xid), BigInt(b.xid)];
  return ax > bx || (ax === bx && a.id > b.id);
}

async function headCursor(database: Database): Promise<Cursor> {
  const { rows } = await database.db.execute<{ xid: string }>(
    sql`select pg_snapshot_xmin(pg_current_snapshot())::text as xid`,
  );
  return { xid: rows[0]?.xid ?? '0', id: 0 };
}

async function readAfter(
  database: Database,
  cursor: Cursor,
  limit: number,
): Promise<{ rows: Row[]; pending: boolean }> {
  const result = await database.db.execute<Row & { settled: boolean }>(sql`
    select e.xid::text as xid, e.id::float8 as id, e.topic, e.kind, e.at, e.deployment_id, e.target_id, e.from_status, e.to_status,
           e.actor_name, env.slug as environment, e.xid < pg_snapshot_xmin(pg_current_snapshot()) as settled
    from events e left join targets t on t.id = e.target_id left join environments env on env.id = t.environment_id
    where (e.xid, e.id) > (${cursor.xid}::xid8, ${cursor.id}::bigint)
    order by e.xid, e.id limit ${limit}`);
  const rows = result.rows.filter((row) => row.settled);
  return { rows, pending: rows.length < result.rows.length };
}

function toEvent(row: Row): FeedEvent {
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
