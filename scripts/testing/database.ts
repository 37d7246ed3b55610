import { randomBytes } from 'node:crypto';
import pg from 'pg';

export interface TestDatabase {
  /** Connection string of a migrated database that is this test's own. */
  url: string;
  drop(): Promise<void>;
}

// By files: copying pages through the log, the default, takes a server without fsync twice as long.
const BY_FILES = 'strategy file_copy';

/**
 * Clones the migrated template: a database of a test's own within some tens of milliseconds.
 * @throws Error when vitest's global set-up (scripts/testing/postgres.ts) has not run
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const admin = process.env.TEST_DATABASE_URL;
  const template = process.env.TEST_DATABASE_TEMPLATE;
  if (!admin || !template) {
    throw new Error('No test database server: run this through vitest, whose global set-up starts one.');
  }
  const name = `test_${randomBytes(6).toString('hex')}`;
  await query(admin, `create database ${name} template ${template} ${BY_FILES}`);
  const url = new URL(admin);
  url.pathname = `/${name}`;
  return { url: url.toString(), drop: () => query(admin, `drop database if exists ${name} with (force)`) };
}

/**
 * A copy of a database as it is now: what a restored backup is. Whoever is connected to it is cut off and may connect again.
 * The copy is the caller's to drop.
 */
export async function copyDatabase(url: string): Promise<TestDatabase> {
  const admin = process.env.TEST_DATABASE_URL ?? '';
  const source = new URL(url).pathname.slice(1);
  const name = `copy_${randomBytes(6).toString('hex')}`;
  await query(admin, `alter database ${source} with allow_connections false`);
  await query(admin, `select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = '${source}'`);
  await query(admin, `create database ${name} template ${source} ${BY_FILES}`);
  await query(admin, `alter database ${source} with allow_connections true`);
  const copy = new URL(admin);
  copy.pathname = `/${name}`;
  return { url: copy.toString(), drop: () => query(admin, `drop database if exists ${name} with (force)`) };
}

/** One for each server and process: what the server spends on a connection is as much as on making a database. */
const administrators = new Map<string, pg.Pool>();

async function query(connectionString: string, sql: string): Promise<void> {
  const known = administrators.get(connectionString);
  const pool = known ?? new pg.Pool({ connectionString, max: 2, idleTimeoutMillis: 60_000, allowExitOnIdle: true });
  if (!known) {
    administrators.set(connectionString, pool);
    // The server ends before the process does.
    pool.on('error', () => {});
  }
  await pool.query(sql);
}
