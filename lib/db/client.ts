import 'server-only';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import { printWithoutValues } from './printed-errors';
import * as schema from './schema';

export type Db = NodePgDatabase<typeof schema>;
export type Tx = Parameters<Parameters<Db['transaction']>[0]>[0];
/** A verb's helper takes either: the caller decides whether it is part of a transaction. */
export type DbOrTx = Db | Tx;

export interface Database {
  db: Db;
  pool: pg.Pool;
  url: string;
  close(): Promise<void>;
}

/**
 * A connection whose other end is gone without a word: this side gives up within 12 s, and the server's side gives back
 * its locks within 25 s. A statement that is only slow is ended by the server first. Milliseconds.
 */
export const HALF_OPEN = {
  statement_timeout: 10_000,
  query_timeout: 12_000,
  idle_in_transaction_session_timeout: 25_000,
} as const;

/** After a time-out nobody knows what the connection still holds, and what is sent on it waits behind: it is ended. */
export class ImpatientClient extends pg.Client {
  // biome-ignore lint/suspicious/noExplicitAny: the overloads of the base class, all of them.
  override query(...args: any[]): any {
    // biome-ignore lint/suspicious/noExplicitAny: see above.
    const result = (super.query as any)(...args);
    if (result instanceof Promise)
      result.catch((error: Error) => {
        if (error.message === 'Query read timeout') this.connection.stream.destroy();
      });
    return result;
  }
}

/** Those that hold a lock do nothing else with their connection, so a few are enough. */
const LOCKS_AT_ONCE = 6;
const lockPools = new WeakMap<pg.Pool, pg.Pool>();

/** The pool for locks beside a pool that was opened here; of any other pool it is that pool. */
export function lockPoolOf(pool: pg.Pool): pg.Pool {
  return lockPools.get(pool) ?? pool;
}

/** A pool connects when it is asked for a connection, so one that nobody needs costs nothing. */
function addLockPool(pool: pg.Pool): pg.Pool {
  const locks = new pg.Pool({ ...pool.options, max: LOCKS_AT_ONCE });
  lockPools.set(pool, locks);
  quiet(locks);
  return locks;
}

/** A connection may end while a transaction holds it: its next statement fails, the process must not. */
function quiet(pool: pg.Pool): void {
  pool.on('connect', (client) => client.on('error', () => {}));
  pool.on('error', () => {});
}

/** Opens a pool; `max` connections. A broken idle connection is logged by `onError` and replaced by the pool. */
export function openDatabase(url: string, options: { max?: number; onError?: (error: Error) => void } = {}): Database {
  printWithoutValues();
  const pool = new pg.Pool({
    connectionString: url,
    max: options.max ?? 10,
    keepAlive: true,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 30_000,
    application_name: 'aetherstack',
    ...HALF_OPEN,
    Client: ImpatientClient,
  });
  let closing = false;
  quiet(pool);
  const locks = addLockPool(pool);
  pool.on('error', (error) => {
    if (!closing) options.onError?.(error);
  });
  const close = async () => {
    closing = true;
    await Promise.all([pool.end(), locks.end()]);
  };
  return { db: drizzle(pool, { schema }), pool, url, close };
}
