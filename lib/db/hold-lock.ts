import type pg from 'pg';
import type { Db } from './client';
import { LOCK_PREFIXES, LOCKS } from './locks';

/** A holder whose machine is gone says nothing more: the server then ends its session, and with it the lock. Milliseconds. */
const SILENT_MS = 60_000;

/** A use of the register, or one thing of a kind that is locked each for itself. */
export type Lock = keyof typeof LOCKS | { prefix: keyof typeof LOCK_PREFIXES; id: string };

const keyOf = (lock: Lock) => (typeof lock === 'string' ? '$1::bigint' : 'hashtextextended($1, 0)');
const nameOf = (lock: Lock) => (typeof lock === 'string' ? LOCKS[lock] : LOCK_PREFIXES[lock.prefix] + lock.id);

/**
 * Does the work while this process alone has the lock, with no transaction open; null when somebody else has it. For work
 * that waits for the world outside, well under a minute. Takes one connection besides those that the work itself takes.
 */
export async function holdLock<T>(db: Db, lock: Lock, work: () => Promise<T>): Promise<T | null> {
  const client = await (db as Db & { $client: pg.Pool }).$client.connect();
  let broken = true;
  try {
    const { rows } = await client.query<{ mine: boolean }>(`select pg_try_advisory_lock(${keyOf(lock)}) as mine`, [
      nameOf(lock),
    ]);
    if (!rows[0]?.mine) {
      broken = false;
      return null;
    }
    try {
      await client.query(`set idle_session_timeout = ${SILENT_MS}`);
      return await work();
    } finally {
      // Whoever cannot give the lock back gives the connection up, and the lock with it.
      broken = await giveBack(client, lock).then(
        () => false,
        () => true,
      );
    }
  } finally {
    client.release(broken);
  }
}

async function giveBack(client: pg.PoolClient, lock: Lock): Promise<void> {
  await client.query(`select pg_advisory_unlock(${keyOf(lock)})`, [nameOf(lock)]);
  await client.query('reset idle_session_timeout');
}
