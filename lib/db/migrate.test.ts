import { randomBytes } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { migrateDatabase } from './migrate';

const MIGRATIONS = path.join(process.cwd(), 'lib/db/migrations');
const name = `migrate_${randomBytes(6).toString('hex')}`;
const url = new URL(process.env.TEST_DATABASE_URL ?? '');
url.pathname = `/${name}`;

let admin: pg.Client;
let folder: string;
const opened: pg.Client[] = [];

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'migrate-'));
  admin = new pg.Client({ connectionString: process.env.TEST_DATABASE_URL });
  await admin.connect();
  await admin.query(`create database ${name}`);
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((each) => each.end()));
  await admin.query(`drop database ${name} with (force)`);
  await admin.end();
  rmSync(folder, { recursive: true });
});

async function inside(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url.toString() });
  await client.connect();
  opened.push(client);
  return client;
}

function journal(entries: { tag: string; when: number }[]): void {
  mkdirSync(path.join(folder, 'meta'), { recursive: true });
  const all = entries.map((each, idx) => ({ idx, version: '7', breakpoints: true, ...each }));
  writeFileSync(
    path.join(folder, 'meta/_journal.json'),
    JSON.stringify({ version: '7', dialect: 'postgresql', entries: all }),
  );
}

/** The migrations as they were before that one. */
function before(tag: string): string {
  cpSync(MIGRATIONS, folder, { recursive: true });
  const { entries } = JSON.parse(readFileSync(path.join(MIGRATIONS, 'meta/_journal.json'), 'utf8')) as {
    entries: { tag: string; when: number }[];
  };
  const at = entries.findIndex((each) => each.tag === tag);
  expect(at).toBeGreaterThan(0);
  journal(entries.slice(0, at));
  return folder;
}

test('three instances that start together on an empty database migrate it once', async () => {
  await Promise.all([1, 2, 3].map(() => migrateDatabase(url.toString())));
  await migrateDatabase(url.toString());
  const client = await inside();
  const applied = await client.query(
    'select hash, count(*)::int as times from drizzle.__drizzle_migrations group by hash',
  );
  const tables = await client.query(`select count(*)::int as n from pg_tables where schemaname = 'public'`);
  expect(applied.rows.length).toBeGreaterThan(0);
  expect(applied.rows.every((row) => row.times === 1)).toBe(true);
  expect(tables.rows[0].n).toBeGreaterThan(15);
});

test('a deadlock with an instance that works on meanwhile is tried again, not the end of the start', async () => {
  await admin.query(`alter database ${name} set deadlock_timeout = '20ms'`);
  const [other, gate] = [await inside(), await inside()];
  const waiting = async () =>
    (
      await gate.query(
        'select from pg_locks join pg_database d on d.oid = database where datname = $1 and not granted',
        [name],
      )
    ).rowCount;
  await other.query('create table one (n int); create table two (n int)');
  const statements = ['alter table one add m int', 'select pg_advisory_xact_lock(1)', 'alter table two add m int'];
  writeFileSync(path.join(folder, '0000_both.sql'), statements.join(';--> statement-breakpoint\n'));
  journal([{ tag: '0000_both', when: 1 }]);
  await gate.query('select pg_advisory_lock(1)');
  const migrating = migrateDatabase(url.toString(), folder);
  await expect.poll(waiting, { timeout: 10_000 }).toBe(1);
  // Postgres ends the one that closes the circle, which is to be the migration.
  await other.query(`set deadlock_timeout = '10min'`);
  await other.query('begin; insert into two (n) values (1)');
  const working = other.query('insert into one (n) values (1)');
  await expect.poll(waiting, { timeout: 10_000 }).toBe(2);
  await gate.query('select pg_advisory_unlock(1)');
  await working;
  await other.query('commit');
  await migrating;
  expect((await other.query('select one.m, two.m from one, two')).rows).toHaveLength(1);
});

test('deliveries that are kept stay when they become each connection’s own, and the console of before goes on', async () => {
  await migrateDatabase(url.toString(), before('0033_deliveries_by_connection'));
  const client = await inside();
  await client.query(`insert into connections (id, name, provider_id, origin, credential_kind, sealed_credential, state)
    select 'con_' || n, 'Connection ' || n, 'scripted', 'https://api.scripted.test', 'token', 'v1.sealed', 'ok' from generate_series(1, 2) n`);
  const keep = (id: string, connectionId: string) =>
    client.query(
      `insert into inbox (id, connection_id, provider_id, delivery_id, event, bytes, body, state)
       values ($1, $2, 'scripted', 'the-same', 'ping', 2, '\\x7b7d', 'received') on conflict do nothing`,
      [id, connectionId],
    );
  const kept = async () => (await client.query('select id from inbox order by id')).rows.map(({ id }) => id);
  await keep('hook_1', 'con_1');
  await keep('hook_2', 'con_2');
  expect(await kept()).toEqual(['hook_1']);
  await migrateDatabase(url.toString());
  await keep('hook_3', 'con_2');
  await keep('hook_4', 'con_1');
  expect(await kept()).toEqual(['hook_1', 'hook_3']);
});

test('a run that is over and waited for says so by its column after the update, as it had by its sentence', async () => {
  await migrateDatabase(url.toString(), before('0034_ended_runs'));
  const client = await inside();
  // Only what the update reads; the rest of an estate is another test's.
  await client.query("set session_replication_role = 'replica'");
  const add = (id: string, status: string, waitingFor: string | null) =>
    client.query(
      `insert into deployments (id, target_id, component_id, environment_id, connection_id, provider_id, release_id, kind, status,
         idempotency_key, content_digest, ref, ref_kind, sha, config, dispatch, requested_by_name, waiting_for, status_since)
       values ($1, $1, 'c', 'e', 'c', 'p', 'r', 'deploy', $2, $1, $1, 'main', 'branch', 'abc', '{}', '{}', 'mara', $3, '2026-11-28T08:00:00Z')`,
      [id, status, waitingFor],
    );
  await add('waits', 'deploying', 'The run ended (failed), and may have published before. It is asked.');
  await add('runs', 'deploying', 'a free runner');
  await add('plain', 'deploying', null);
  await add('over', 'failed', 'The run ended (failed), and may have published before. It is asked.');
  await migrateDatabase(url.toString());
  const { rows } = await client.query('select id, run_ended_at from deployments where run_ended_at is not null');
  expect(rows).toEqual([{ id: 'waits', run_ended_at: new Date('2026-11-28T08:00:00Z') }]);
});
