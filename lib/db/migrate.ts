import 'server-only';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import type pg from 'pg';
import { connectWhenUp } from './connect';
import { isDeadlock } from './errors';
import { LOCKS } from './locks';

/** Applies pending migrations exactly once, however many instances start together (session advisory lock). */
export async function migrateDatabase(url: string, folder = migrationsFolder()): Promise<void> {
  const client = await connectWhenUp({ connectionString: url, application_name: 'aetherstack-migrate' });
  try {
    await client.query('select pg_advisory_lock($1)', [LOCKS.migration]);
    if (await isCurrent(client, folder)) return;
    await migrateUndisturbed(client, folder);
  } finally {
    await client.end();
  }
}

/** So often, before it is no accident any more. */
const TRIES = 5;

/** All that is pending is one transaction, and one of an instance that works on meanwhile may wait for it crosswise. */
async function migrateUndisturbed(client: pg.Client, folder: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await migrate(drizzle(client), { migrationsFolder: folder });
      return;
    } catch (error) {
      if (tries === TRIES || !isDeadlock(error)) throw error;
    }
  }
}

/** Then a role that may not create anything can start the console, after one that may has migrated once. */
async function isCurrent(client: pg.Client, folder: string): Promise<boolean> {
  const journal = JSON.parse(readFileSync(path.join(folder, 'meta', '_journal.json'), 'utf8')) as {
    entries: { when: number }[];
  };
  const wanted = Math.max(0, ...journal.entries.map((entry) => entry.when));
  const there = await client.query(`select to_regclass('drizzle.__drizzle_migrations') is not null as there`);
  if (!there.rows[0]?.there) return false;
  const { rows } = await client.query('select max(created_at)::float8 as last from drizzle.__drizzle_migrations');
  return (rows[0]?.last ?? 0) >= wanted;
}

function migrationsFolder(): string {
  return (
    process.env.AETHERSTACK_MIGRATIONS ?? path.join(/* turbopackIgnore: true */ process.cwd(), 'lib/db/migrations')
  );
}
