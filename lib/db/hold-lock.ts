import type pg from 'pg';
import type { Db } from './client';
import { LOCKS } from './locks';

/** A holder whose machine is gone says nothing more: the server then ends its session, and with it the lock. Milliseconds. */
const SILENT_MS = 60_000;

/**
 * Does the work while this process alone has the lock, with no transaction open; null when somebody else has it. For work
 * that waits for the world outside, well under a minute. Takes one connection besides those that the work itself takes.
 */
export async function holdLock<T>(db: Db, lock: keyof typeof LOCKS, work: () => Promise<T>): Promise<T | null> {
  const client = await (db as Db & { $client: pg.Pool }).$client.connect();
  let broken = true;
  try {
    const { rows } = await client.query<{ mine: boolean }>('select pg_try_advisory_lock($1) as mine', [LOCKS[lock]]);
    if (!rows[0]?.mine) {
      broken = false;
      return null;
    }
    try {
      await client.query(`set idle_session_timeout = ${SILENT_MS}`);
      return await work();
    } finally {
      // Whoever cannot give the lock back gives the connection up, and the lock with it.
      broken = await giveBack(client, LOCKS[lock]).then(
        () => false,
        () => true,
      );
    }
  } finally {
    client.release(broken);
  }
}

async function giveBack(client: pg.PoolClient, lock: number): Promise<void> {
  await client.query('select pg_advisory_unlock($1)', [lock]);
  await client.query('reset idle_session_timeout');
}
