import { and, asc, eq, getTableColumns, inArray, or, sql } from 'drizzle-orm';
import type { ServiceContext, Tx } from '@/lib/auth/context';
import { inbox } from '@/lib/db/schema';
import { Batches } from '@/lib/kernel/batches';
import { newId } from '@/lib/kernel/ids';
import { isDatabaseDown } from '@/lib/pipeline/refusal';
import type { WebhookHint } from '@/lib/providers/port';

export interface Incoming {
  connectionId: string;
  providerId: string;
  hint: WebhookHint;
  raw: Uint8Array;
}

/** Whether it came for the first time. */
export type Kept = 'fresh' | 'known';

/** One statement takes so many, and so many bytes of bodies. */
const MOST = 100;
const MOST_BYTES = 8 * 1024 * 1024;

type Queue = ServiceContext['queue'];
const rounds = new WeakMap<Queue, Batches<Incoming, Kept>>();

/**
 * Resolves when it is in the inbox and its processing is on the way, both committed. Those that come at the same time share a
 * transaction: a vendor sends hundreds a second, and a commit for each is more than a small database does.
 */
export function keepDelivery({ db, queue }: ServiceContext, incoming: Incoming): Promise<Kept> {
  const known = rounds.get(queue) ?? new Batches((all) => keepAll({ db, queue }, all));
  rounds.set(queue, known);
  return known.add(incoming);
}

type Deps = Pick<ServiceContext, 'db' | 'queue'>;

async function keepAll(deps: Deps, all: Incoming[]): Promise<Map<Incoming, Kept | Error>> {
  const kept = new Map<Incoming, Kept | Error>();
  for (const part of parts(all)) for (const [each, result] of await keepPart(deps, part)) kept.set(each, result);
  return kept;
}

function parts(all: Incoming[]): Incoming[][] {
  const found: Incoming[][] = [];
  let bytes = 0;
  for (const each of all) {
    bytes += each.raw.byteLength;
    const last = found.at(-1);
    if (last && last.length < MOST && bytes <= MOST_BYTES) last.push(each);
    else {
      found.push([each]);
      bytes = each.raw.byteLength;
    }
  }
  return found;
}

/**
 * A lock is usually held for milliseconds. One that came alone waits no longer either: those that come meanwhile wait for it.
 * Both are far below the limit of a statement, so what exceeds that (57014) is a slow database and not a lock.
 */
const LOCK_MS = 1_000;
const LOCK_MS_AGAIN = 50;

/**
 * Where one of them cannot be stored, or waits for a lock, each goes by itself: the others are not at fault. A hundred that are
 * all locked cost six seconds of waiting (one together, a twentieth of one for each), and one among a hundred hardly more than one.
 */
async function keepPart(deps: Deps, part: Incoming[]): Promise<[Incoming, Kept | Error][]> {
  try {
    return await keepTogether(deps, part, LOCK_MS);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return part.length === 1 || isAwayOrSlow(error) ? refused(part, error) : keepEach(deps, part);
  }
}

/** Where the database goes away or turns slow meanwhile, those that are left are refused without being tried. */
async function keepEach(deps: Deps, part: Incoming[]): Promise<[Incoming, Kept | Error][]> {
  const kept: [Incoming, Kept | Error][] = [];
  for (const [at, each] of part.entries()) {
    try {
      kept.push(...(await keepTogether(deps, [each], LOCK_MS_AGAIN)));
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      if (isAwayOrSlow(error)) return [...kept, ...refused(part.slice(at), error)];
      kept.push([each, error]);
    }
  }
  return kept;
}

const refused = (part: Incoming[], error: Error) => part.map((each): [Incoming, Error] => [each, error]);

function keepTogether({ db, queue }: Deps, part: Incoming[], lockMs: number): Promise<[Incoming, Kept][]> {
  return db.transaction(async (tx) => {
    await tx.execute(sql`select set_config('lock_timeout', ${`${lockMs}ms`}, true)`);
    return await insert(tx, queue, part);
  });
}

const keyOf = (connectionId: string | null, deliveryId: string) => JSON.stringify([connectionId, deliveryId]);

async function insert(tx: Tx, queue: Queue, part: Incoming[]): Promise<[Incoming, Kept][]> {
  const byKey = Map.groupBy(part, ({ connectionId, hint }) => keyOf(connectionId, hint.deliveryId));
  // Two instances that are sent the same ones take them in the same order, so that neither waits for the other.
  const rows = [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, [first]]) => (first ? [rowOf(first)] : []));
  const fresh = await tx
    .insert(inbox)
    .values(rows)
    .onConflictDoNothing()
    .returning({ id: inbox.id, connectionId: inbox.connectionId, deliveryId: inbox.deliveryId });
  const isFresh = new Set(fresh.map(({ connectionId, deliveryId }) => keyOf(connectionId, deliveryId)));
  const again = [...byKey].flatMap(([key, all]) => {
    const times = isFresh.has(key) ? all.length - 1 : all.length;
    const [first] = all;
    return first && times > 0 ? [{ first, key, times }] : [];
  });
  const waiting = await countAgain(tx, again);
  // A job is known by its first: one that leads with what came before may be there already, without the rest.
  const jobs = fresh.length > 0 ? [[...fresh.map(({ id }) => id), ...waiting]] : waiting.map((id) => [id]);
  for (const ids of jobs) await queue.wakeInbox(tx, ids);
  return [...byKey].flatMap(([key, all]) =>
    all.map((each, at): [Incoming, Kept] => [each, at === 0 && isFresh.has(key) ? 'fresh' : 'known']),
  );
}

function rowOf({ connectionId, providerId, hint, raw }: Incoming): typeof inbox.$inferInsert {
  return {
    id: newId('hook'),
    connectionId,
    providerId,
    deliveryId: hint.deliveryId,
    event: hint.event,
    action: hint.action,
    remoteId: hint.remoteId,
    repository: hint.repository,
    bytes: raw.byteLength,
    body: Buffer.from(raw),
    state: 'received',
  };
}

const { id, connectionId, deliveryId, state } = getTableColumns(inbox);
/** Never the body, which nobody looks at here. */
const KNOWN = { id, connectionId, deliveryId, state };

/**
 * Returns those that have not been worked through. Deduplicated on "processed", not on "received": a redelivery of one that
 * failed runs again, and so does one whose job passed it by because it was being counted here.
 */
async function countAgain(tx: Tx, again: { first: Incoming; key: string; times: number }[]): Promise<string[]> {
  if (again.length === 0) return [];
  const known = await tx
    .select(KNOWN)
    .from(inbox)
    .where(
      or(
        ...again.map(({ first: { connectionId, hint } }) =>
          and(eq(inbox.connectionId, connectionId), eq(inbox.deliveryId, hint.deliveryId)),
        ),
      ),
    )
    .orderBy(asc(inbox.id))
    .for('no key update');
  const timesOf = new Map(again.map(({ key, times }) => [key, times]));
  const byTimes = Map.groupBy(known, (row) => timesOf.get(keyOf(row.connectionId, row.deliveryId)) ?? 0);
  for (const [times, rows] of byTimes) {
    const ids = rows.map(({ id }) => id);
    await tx
      .update(inbox)
      .set({ duplicates: sql`${inbox.duplicates} + ${times}` })
      .where(inArray(inbox.id, ids));
  }
  return known.flatMap(({ id, state }) => (state === 'processed' || state === 'ignored' ? [] : [id]));
}

/** Away, or a statement that took too long, a deadlock, a lock that did not come: all of them end when less comes in. */
export function doesNotKeepUp(error: unknown): boolean {
  return isAwayOrSlow(error) || hasCode(error, ['40P01', '55P03']);
}

/** No other delivery would fare better. */
function isAwayOrSlow(error: unknown): boolean {
  return isDatabaseDown(error) || hasCode(error, ['57014']);
}

function hasCode(error: unknown, codes: readonly string[]): boolean {
  if (!(error instanceof Error)) return false;
  return ('code' in error && codes.includes(String(error.code))) || hasCode(error.cause, codes);
}
