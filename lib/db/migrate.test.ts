import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { expect, test } from 'vitest';
import { migrateDatabase } from './migrate';

test('three instances that start together on an empty database migrate it once', async () => {
  const admin = new pg.Client({ connectionString: process.env.TEST_DATABASE_URL });
  await admin.connect();
  const name = `migrate_${randomBytes(6).toString('hex')}`;
  await admin.query(`create database ${name}`);
  const url = new URL(process.env.TEST_DATABASE_URL ?? '');
  url.pathname = `/${name}`;
  try {
    await Promise.all([1, 2, 3].map(() => migrateDatabase(url.toString())));
    await migrateDatabase(url.toString());
    const inside = new pg.Client({ connectionString: url.toString() });
    await inside.connect();
    const applied = await inside.query(
      'select hash, count(*)::int as times from drizzle.__drizzle_migrations group by hash',
    );
    const tables = await inside.query(`select count(*)::int as n from pg_tables where schemaname = 'public'`);
    await inside.end();
    expect(applied.rows.length).toBeGreaterThan(0);
    expect(applied.rows.every((row) => row.times === 1)).toBe(true);
    expect(tables.rows[0].n).toBeGreaterThan(15);
  } finally {
    await admin.query(`drop database ${name} with (force)`);
    await admin.end();
  }
});
