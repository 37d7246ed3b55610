import { randomBytes } from 'node:crypto';
import pg from 'pg';

export interface TestDatabase {
  /** Connection string of a migrated database that is this test's own. */
  url: string;
  drop(): Promise<void>;
}

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
  await query(admin, `create database ${name} template ${template}`);
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
  await query(admin, `create database ${name} template ${source}`);
  await query(admin, `alter database ${source} with allow_connections true`);
  const copy = new URL(admin);
  copy.pathname = `/${name}`;
  return { url: copy.toString(), drop: () => query(admin, `drop database if exists ${name} with (force)`) };
}

async function query(connectionString: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
