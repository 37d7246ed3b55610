import { type SQL, sql } from 'drizzle-orm';
import type { Db, DbOrTx, Tx } from '@/lib/db/client';
import { copyOut } from '@/lib/db/copy-out';
import { CHAIN_FIELDS } from '../model/chain';
import type { SignedHead } from '../model/head';
import { type LineBytes, lineBytes } from './link';
import { standing } from './standing';

/** A place in the chain and the entry that stands there. */
export interface ChainRow {
  seq: number;
  /** Null when the link names none. */
  entryId: number | null;
  /** 64 hex digits. */
  hash: string;
  /** The entry as it is hashed; null when it is not there any more. */
  line: LineBytes | null;
}

const BATCH = 5_000;
/** Heads are few and small. */
const HEADS = 2_000;

/** The fields of CHAIN_FIELDS as the text that Postgres prints, whatever the session prefers, but `at` as it is kept: to print it takes longest. */
const FORM_COLUMNS = `a.id::text, a.at::timestamptz, a.actor_kind, a.actor_id, a.actor_name, a.action,
  a.resource_kind, a.resource_id, a.environment, a.outcome, a.code, a.sentence, a.data::text, a.request_id, a.ip`;

const FIELDS = 3 + CHAIN_FIELDS.length;

/** The 8 bytes of a number in a binary COPY. */
const int8 = (bytes: Buffer, at: number) => bytes.readInt32BE(at) * 2 ** 32 + bytes.readUInt32BE(at + 4);

/** Place, entry and hash, then the form's fields, each after its length. Nothing is taken to stand where it should: whoever owns the tables may have changed what they hold. */
function readRow(bytes: Buffer, start: number): { row: ChainRow; end: number } {
  const idAt = start + 14;
  const idLength = bytes.readInt32BE(idAt);
  const sound = bytes.readInt16BE(start) === FIELDS && bytes.readInt32BE(start + 2) === 8;
  if (!sound || (idLength !== 8 && idLength !== -1))
    throw new Error('A link of the audit chain has another form than it should.');
  const hashAt = idAt + 4 + Math.max(0, idLength);
  const fields = hashAt + 4 + Math.max(0, bytes.readInt32BE(hashAt));
  const { bytes: line, end } = lineBytes(bytes, fields);
  // An entry has a number; without one, none was there to join.
  const there = bytes.readInt32BE(fields) >= 0;
  const row = {
    seq: int8(bytes, start + 6),
    entryId: idLength < 0 ? null : int8(bytes, idAt + 4),
    hash: bytes.toString('hex', hashAt + 4, fields),
    line: there ? line : null,
  };
  return { row, end };
}

/**
 * One state of the database for all reads of a verification, whatever is appended meanwhile. `work` also gets what stands against
 * reading the log at all, in a sentence (see `standing`); null when nothing does.
 */
export function inSnapshot<T>(db: Db, work: (tx: Tx, wrong: string | null) => Promise<T>): Promise<T> {
  return db.transaction(
    async (tx) => {
      const wrong = await standing(tx);
      // Joins along the keys hold no log in memory.
      await tx.execute(sql`select set_config('enable_hashjoin', 'off', true)`);
      return await work(tx, wrong);
    },
    { isolationLevel: 'repeatable read', accessMode: 'read only' },
  );
}

const turns = new WeakMap<Tx, Promise<unknown>>();

/** Reads of links and heads ahead of their use go one after the other: a connection runs one query, and the driver will not queue. */
function inTurn<T>(tx: Tx, query: () => PromiseLike<T>): Promise<T> {
  const answer = (turns.get(tx) ?? Promise.resolve()).then(query);
  // It may fail before anybody waits for it, which must not end the process.
  turns.set(
    tx,
    answer.catch(() => {}),
  );
  return answer;
}

async function* cursor<R extends Record<string, unknown>>(tx: Tx, name: string, query: ReturnType<typeof sql>) {
  await inTurn(tx, () => tx.execute(sql`declare ${sql.identifier(name)} no scroll cursor for ${query}`));
  const fetch = () => inTurn(tx, () => tx.execute<R>(sql.raw(`fetch ${HEADS} from ${name}`)));
  let next = fetch();
  try {
    for (;;) {
      const { rows } = await next;
      const last = rows.length < HEADS;
      // The database reads on while this batch is worked through.
      if (!last) next = fetch();
      yield rows;
      if (last) return;
    }
  } finally {
    // Whoever stops early leaves no answer on the wire.
    await next.catch(() => {});
  }
}

async function readBatch(tx: Tx, after: number, size: number): Promise<ChainRow[]> {
  const rows: ChainRow[] = [];
  const query = `select c.seq::int8, c.audit_id::int8, c.hash, ${FORM_COLUMNS}
    from (select * from public.audit_chain where seq > ${after} order by seq limit ${size}) c
    left join public.audit a on a.id = c.audit_id order by c.seq`;
  await copyOut(tx, query, (bytes, at) => {
    const { row, end } = readRow(bytes, at);
    rows.push(row);
    return end;
  });
  return rows;
}

/** The chain after `after`, in order, in batches of `size`. */
export async function* readChain(tx: Tx, after = 0, size = BATCH): AsyncGenerator<ChainRow[]> {
  let next = inTurn(tx, () => readBatch(tx, after, size));
  try {
    for (;;) {
      const rows = await next;
      const last = rows.at(-1);
      // The database reads on while this batch is worked through.
      if (last) next = inTurn(tx, () => readBatch(tx, last.seq, size));
      yield rows;
      if (!last) return;
    }
  } finally {
    // Whoever stops early leaves no answer on the wire.
    await next.catch(() => {});
  }
}

const HEAD_COLUMNS = sql.raw(`seq::float8 as seq, encode(hash, 'hex') as hash,
  to_char(signed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "signedAt", key_id as "keyId", signature`);

export type StoredHead = SignedHead & { anchor: string | null };

/** All signed heads in the database, in the order of the chain. */
export async function* readHeads(tx: Tx): AsyncGenerator<StoredHead> {
  const query = sql`select ${HEAD_COLUMNS}, anchor from public.audit_heads order by seq, id`;
  for await (const batch of cursor<StoredHead & Record<string, unknown>>(tx, 'audit_signed', query)) yield* batch;
}

/** The head that was signed last, of those that went to such an anchor; null before the first. */
export function newestHead(db: DbOrTx, anchor?: 'file'): Promise<StoredHead | null> {
  return endOf(db, anchor, sql`desc`);
}

export function oldestHead(db: DbOrTx, anchor?: 'file'): Promise<StoredHead | null> {
  return endOf(db, anchor, sql`asc`);
}

async function endOf(db: DbOrTx, anchor: 'file' | undefined, order: SQL): Promise<StoredHead | null> {
  const there = anchor === undefined ? sql`` : sql`where anchor = ${anchor}`;
  const { rows } = await db.execute<StoredHead & Record<string, unknown>>(
    sql`select ${HEAD_COLUMNS}, anchor from public.audit_heads ${there} order by seq ${order}, id ${order} limit 1`,
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

/** What a reading of the chain, place by place, does not come past. */
export interface Census {
  /** The first entry that never got a place in the chain, `without a number` when it has none; null when all did. */
  unchained: string | null;
  entries: number;
  links: number;
  /** A place that no line can have, or that two have; `seq` null when it has none. Null when there is no such place. */
  stray: { seq: number | null } | null;
}

/** Counts everything; reads both tables once. */
export function readCensus(tx: Tx): Promise<Census> {
  return inTurn(tx, async () => {
    const { rows } = await tx.execute<Omit<Census, 'stray'> & Record<string, unknown>>(
      sql`select (select coalesce(a.id::text, 'without a number') from public.audit a
          where not exists (select from public.audit_chain c where c.audit_id = a.id) order by a.id limit 1) as unchained,
        (select count(*)::float8 from public.audit) as entries, (select count(*)::float8 from public.audit_chain) as links`,
    );
    const strays = await tx.execute<{ seq: number | null }>(
      sql`select seq::float8 as seq from public.audit_chain group by seq having seq is null or seq < 1 or count(*) > 1
        order by seq limit 1`,
    );
    const [row] = rows;
    if (!row) throw new Error('The database counted nothing.');
    return { unchained: row.unchained, entries: row.entries, links: row.links, stray: strays.rows[0] ?? null };
  });
}
