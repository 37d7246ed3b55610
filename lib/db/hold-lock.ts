import type pg from 'pg';
import { type Db, lockPoolOf } from './client';
import { LOCK_PREFIXES, LOCKS } from './locks';

/** A holder whose machine is gone says nothing more: the server then ends its session, and with it the lock. Milliseconds. */
const SILENT_MS = 60_000;

/** A use of the register, or one thing of a kind that is locked each for itself. */
export type Lock = keyof typeof LOCKS | { prefix: keyof typeof LOCK_PREFIXES; id: string };

/** How many locks this process holds through each pool. */
const holding = new WeakMap<pg.Pool, number>();

const keyOf = (lock: Lock) => (typeof lock === 'string' ? '$1::bigint' : 'hashtextextended($1, 0)');
const nameOf = (lock: Lock) => (typeof lock === 'string' ? LOCKS[lock] : LOCK_PREFIXES[lock.prefix] + lock.id);

/** `taken`: somebody else has it. `crowded`: nobody knows, since this process holds as many others as it may. */
export type Held<T> = { state: 'done'; value: T } | { state: 'taken' | 'crowded' };

/**
 * Does the work while this process alone has the lock, with no transaction open; nothing was begun where it has it not. For
 * work that waits for the world outside, well under a minute. Its connection is of a small pool of its own: however many wait
 * for the world, the work of all others finds a connection. `crowded` when none of that pool gets free within 10 s: whoever
 * asked may try again. Each process opens up to six connections for this, beside its pool.
 */
export async function holdLock<T>(db: Db, lock: Lock, work: () => Promise<T>): Promise<Held<T>> {
  const pool = lockPoolOf((db as Db & { $client: pg.Pool }).$client);
  const client = await pool.connect().catch((error: Error) => whenCrowded(pool, error));
  if (!client) return { state: 'crowded' };
  count(pool, 1);
  let broken = true;
  try {
    const { rows } = await client.query<{ mine: boolean }>(`select pg_try_advisory_lock(${keyOf(lock)}) as mine`, [
      nameOf(lock),
    ]);
    if (!rows[0]?.mine) {
      broken = false;
      return { state: 'taken' };
    }
    try {
      await client.query(`set idle_session_timeout = ${SILENT_MS}`);
      return { state: 'done', value: await work() };
    } finally {
      // Whoever cannot give the lock back gives the connection up, and the lock with it.
      broken = await giveBack(client, lock).then(
        () => false,
        () => true,
      );
    }
  } finally {
    count(pool, -1);
    client.release(broken);
  }
}

const count = (pool: pg.Pool, by: 1 | -1) => holding.set(pool, (holding.get(pool) ?? 0) + by);

/** The pool says the same where the database hangs: then those who have a place hold no lock yet, and the fault is the database's. */
function whenCrowded(pool: pg.Pool, error: Error): null {
  const isLate = error.message === 'timeout exceeded when trying to connect';
  if (isLate && (holding.get(pool) ?? 0) >= pool.options.max) return null;
  throw error;
}

async function giveBack(client: pg.PoolClient, lock: Lock): Promise<void> {
  await client.query(`select pg_advisory_unlock(${keyOf(lock)})`, [nameOf(lock)]);
  await client.query('reset idle_session_timeout');
}
