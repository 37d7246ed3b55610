import { readFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { OWN } from './consoles';

/** One statement in the console's own database: time that a test cannot wait for has gone by. */
export async function inDatabase(statement: string, values: string[] = []): Promise<void> {
  const file = path.join(OWN.dataDir, 'postgres.json');
  const { port, password } = JSON.parse(readFileSync(file, 'utf8')) as { port: number; password: string };
  const where = { host: '127.0.0.1', user: 'aetherstack', database: 'aetherstack' };
  const client = new pg.Client({ ...where, port, password });
  await client.connect();
  try {
    await client.query(statement, values);
  } finally {
    await client.end();
  }
}
