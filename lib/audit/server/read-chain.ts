import { sql } from 'drizzle-orm';
import type { Db, DbOrTx, Tx } from '@/lib/db/client';
import type { ChainLine } from '../model/chain';
import type { SignedHead } from '../model/head';

/** A place in the chain and the entry that stands there, if it still does. */
export interface ChainRow {
  seq: number;
  entryId: string;
  hash: string;
  line: ChainLine | null;
}

const BATCH = 2_000;

/** Every column as Postgres prints it, independent of the session; see lib/audit/model/chain.ts. */
export const LINE_COLUMNS = sql.raw(`a.id::text as id, trunc(extract(epoch from a.at) * 1000000)::text as at,
  a.actor_kind as "actorKind", a.actor_id as "actorId", a.actor_name as "actorName", a.action, a.resource_kind as "resourceKind",
  a.resource_id as "resourceId", a.environment, a.outcome, a.code, a.sentence, a.data::text as data,
  a.request_id as "requestId", a.ip`);

type RawRow = ChainLine & { seq: string; entryId: string; hash: string } & Record<string, unknown>;

function chainRow(row: RawRow): ChainRow {
  return { seq: Number(row.seq), entryId: row.entryId, hash: row.hash, line: row.id === null ? null : row };
}

/** One state of the database for all reads of a verification, whatever is appended meanwhile. */
export function inSnapshot<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  return db.transaction(
    async (tx) => {
      // Joins along the two keys stream; a hash or a sort would hold the whole log first.
      await tx.execute(sql`set local enable_hashjoin = off`);
      return await work(tx);
    },
    { isolationLevel: 'repeatable read', accessMode: 'read only' },
  );
}

async function* cursor<R extends Record<string, unknown>>(tx: Tx, name: string, query: ReturnType<typeof sql>) {
  await tx.execute(sql`declare ${sql.identifier(name)} no scroll cursor for ${query}`);
  const fetch = () => tx.execute<R>(sql.raw(`fetch ${BATCH} from ${name}`));
  let next = fetch();
  try {
    for (;;) {
      const { rows } = await next;
      const last = rows.length < BATCH;
      // The database reads on while this batch is worked through.
      if (!last) next = fetch();
      yield rows;
      if (last) return;
    }
  } finally {
    // Whoever stops early must not leave an answer without a listener.
    await next.catch(() => {});
  }
}

/** The chain after `seq`, in order, batch by batch. */
export async function* readChain(tx: Tx, after = 0): AsyncGenerator<ChainRow[]> {
  const batches = cursor<RawRow>(
    tx,
    'audit_links',
    sql`select c.seq::text as seq, c.audit_id::text as "entryId", encode(c.hash, 'hex') as hash, ${LINE_COLUMNS}
      from public.audit_chain c left join public.audit a on a.id = c.audit_id where c.seq > ${sql.raw(String(after))} order by c.seq`,
  );
  for await (const batch of batches) yield batch.map(chainRow);
}

const HEAD_COLUMNS = sql.raw(`seq::float8 as seq, encode(hash, 'hex') as hash,
  to_char(signed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "signedAt", key_id as "keyId", signature`);

export type StoredHead = SignedHead & { anchor: string | null };

/** All signed heads in the database, in the order of the chain. */
export async function* readHeads(tx: Tx): AsyncGenerator<StoredHead> {
  const query = sql`select ${HEAD_COLUMNS}, anchor from public.audit_heads order by seq, id`;
  for await (const batch of cursor<StoredHead & Record<string, unknown>>(tx, 'audit_signed', query)) yield* batch;
}

/** The head that was signed last; null before the first. */
export async function newestHead(db: DbOrTx): Promise<StoredHead | null> {
  const { rows } = await db.execute<StoredHead & Record<string, unknown>>(
    sql`select ${HEAD_COLUMNS}, anchor from public.audit_heads order by seq desc, id desc limit 1`,
  );
  return rows[0] ?? null;
}

/** The hash at a place of the chain, and the newest place when none is named; null when there is none. */
export async function readLink(db: DbOrTx, seq?: number): Promise<{ seq: number; hash: string } | null> {
  const where = seq === undefined ? sql`` : sql`where seq = ${seq}::int8`;
  const { rows } = await db.execute<{ seq: number; hash: string }>(
    sql`select seq::float8 as seq, encode(hash, 'hex') as hash from public.audit_chain ${where} order by seq desc limit 1`,
  );
  return rows[0] ?? null;
}

/** The first entry that never got a place in the chain; null when all did. */
export async function unchainedEntry(tx: Tx): Promise<string | null> {
  const { rows } = await tx.execute<{ id: string }>(
    sql`select a.id::text as id from public.audit a left join public.audit_chain c on c.audit_id = a.id
      where c.seq is null order by a.id limit 1`,
  );
  return rows[0]?.id ?? null;
}
