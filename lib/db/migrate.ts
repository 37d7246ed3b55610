import 'server-only';
import path from 'node:path';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';

/** Any 64-bit constant; all instances must agree on it. */
const MIGRATION_LOCK = 7_420_111;

/** Applies pending migrations exactly once, however many instances start together (session advisory lock). */
export async function migrateDatabase(url: string, folder = migrationsFolder()): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'aetherstack-migrate' });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await migrate(drizzle(client), { migrationsFolder: folder });
  } finally {
    await client.end();
  }
}

function migrationsFolder(): string {
  return (
    process.env.AETHERSTACK_MIGRATIONS ?? path.join(/* turbopackIgnore: true */ process.cwd(), 'lib/db/migrations')
  );
}
