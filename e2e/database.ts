import { readFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { OWN } from './consoles';

const OWN_DATABASE = 'aetherstack';

/** One statement in the console's own database: time that a test cannot wait for has gone by. */
export async function inDatabase(statement: string, values: string[] = []): Promise<void> {
  await ask(OWN_DATABASE, statement, values);
}

/** Cuts the console off from its database, as if that were down: nobody gets in, and who is in is put out. */
export async function cutDatabase(): Promise<void> {
  await ask('postgres', `alter database ${OWN_DATABASE} with allow_connections false`);
  const inside = 'select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = $1';
  await ask('postgres', inside, [OWN_DATABASE]);
}

export async function mendDatabase(): Promise<void> {
  await ask('postgres', `alter database ${OWN_DATABASE} with allow_connections true`);
}

async function ask(database: string, statement: string, values: string[] = []): Promise<void> {
  const file = path.join(OWN.dataDir, 'postgres.json');
  const { port, password } = JSON.parse(readFileSync(file, 'utf8')) as { port: number; password: string };
  const where = { host: '127.0.0.1', user: 'aetherstack', database };
  const client = new pg.Client({ ...where, port, password });
  await client.connect();
  try {
    await client.query(statement, values);
  } finally {
    await client.end();
  }
}
