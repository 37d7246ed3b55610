import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { createTestDatabase } from './database';

async function rows(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const result = await client.query(sql);
    return result.rows;
  } finally {
    await client.end();
  }
}

describe('createTestDatabase', () => {
  test('gives a migrated database that no other test sees', async () => {
    const [one, two] = await Promise.all([createTestDatabase(), createTestDatabase()]);
    try {
      await rows(one.url, 'create table only_mine (id int)');
      const sql = "select count(*)::int as n from pg_tables where tablename = 'only_mine'";
      expect(await rows(one.url, sql)).toEqual([{ n: 1 }]);
      expect(await rows(two.url, sql)).toEqual([{ n: 0 }]);
      const tables = await rows(two.url, "select tablename from pg_tables where schemaname = 'public'");
      expect(tables.map((row) => row.tablename)).toContain('deployments');
    } finally {
      await Promise.all([one.drop(), two.drop()]);
    }
  });

  test('leaves nothing behind when dropped, even with a connection open', async () => {
    const database = await createTestDatabase();
    const client = new pg.Client({ connectionString: database.url });
    // It reports the loss more than once; every report after the first would end the run.
    const broken = new Promise((resolve) => client.on('error', resolve));
    await client.connect();
    await database.drop();
    await broken;
    const name = new URL(database.url).pathname.slice(1);
    const admin = process.env.TEST_DATABASE_URL ?? '';
    expect(await rows(admin, `select 1 from pg_database where datname = '${name}'`)).toEqual([]);
  });
});
