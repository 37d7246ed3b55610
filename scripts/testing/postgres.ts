import { createHash } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  statSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';
import { LOCKS } from '../../lib/db/locks';
import { startPostgres } from '../bootstrap/postgres.mjs';
import { identify } from '../bootstrap/process-identity.mjs';
import { startGuard } from '../start/start-guard.mjs';

const MIGRATIONS = path.resolve('lib/db/migrations');
// Any constant: two runs on one server make the template one after the other.

// A test's database need not survive a power cut.
const FAST = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '300' };

const PREFIX = 'aetherstack-test-';
let cleanUp: () => Promise<void> = async () => {};

/** Vitest's global set-up: one server for the run, with a migrated template that tests clone. */
export async function setup(): Promise<void> {
  const url = process.env.TEST_DATABASE_URL || (await startOwnServer());
  process.env.TEST_DATABASE_URL = url;
  process.env.TEST_DATABASE_TEMPLATE = await prepareTemplate(url);
}

export async function teardown(): Promise<void> {
  await cleanUp();
}

/** Some thousand databases are made of hundreds of files each, a few dozen at once. */
const ROOM_BYTES = 4 * 1024 ** 3;

/** Where Linux keeps files in memory, if there is room: the same files on a disk cost four times the work. */
function roomInMemory(folder = '/dev/shm'): string | undefined {
  try {
    accessSync(folder, constants.W_OK);
    const { bavail, bsize } = statfsSync(folder);
    if (bavail * bsize < ROOM_BYTES) return undefined;
    sweep(folder);
    return folder;
  } catch {
    return undefined;
  }
}

/** What killed runs left more than a day ago; on a disk it costs nobody anything. */
function sweep(folder: string): void {
  const left = readdirSync(folder).filter((name) => name.startsWith(PREFIX));
  for (const name of left) {
    const own = path.join(folder, name);
    if (Date.now() - statSync(own).mtimeMs > 86_400_000) rmSync(own, { recursive: true, force: true });
  }
}

/** A server in a temporary folder; ended even when the run is killed. @returns its admin URL */
async function startOwnServer(): Promise<string> {
  const folder = mkdtempSync(path.join(roomInMemory() ?? os.tmpdir(), PREFIX));
  chmodSync(folder, 0o711);
  const guard = startGuard();
  const server = await startPostgres({ dataDir: path.join(folder, 'data'), settings: FAST });
  const identity = identify(server.pid);
  guard.watch(identity ? [{ name: 'postgres', ...identity }] : []);
  cleanUp = async () => {
    await server.stop();
    await guard.dismiss();
    rmSync(server.home, { recursive: true, force: true });
    rmSync(folder, { recursive: true, force: true });
  };
  const admin = server.url.replace(/\/[^/]*$/, '/postgres');
  await hashLightly(admin);
  return admin;
}

/** A password of random bytes needs no slow hash, which whoever connects has to work out each time. */
async function hashLightly(url: string): Promise<void> {
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  try {
    await admin.query('set scram_iterations = 1');
    await admin.query(`alter role current_user password ${pg.escapeLiteral(new URL(url).password)}`);
  } finally {
    await admin.end();
  }
}

async function prepareTemplate(adminUrl: string): Promise<string> {
  const name = `aetherstack_template_${hashMigrations()}`;
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    await admin.query('select pg_advisory_lock($1)', [LOCKS.testTemplate]);
    const found = await admin.query('select 1 from pg_database where datname = $1', [name]);
    if (found.rowCount === 0) {
      // Renamed only when it is whole, so a run that is cut short leaves no half-migrated template.
      const unfinished = `${name}_unfinished`;
      await admin.query(`drop database if exists ${unfinished} with (force)`);
      await admin.query(`create database ${unfinished}`);
      await applyMigrations(urlOf(adminUrl, unfinished));
      await admin.query(`alter database ${unfinished} rename to ${name}`);
    }
  } finally {
    await admin.end();
  }
  return name;
}

async function applyMigrations(url: string): Promise<void> {
  if (!existsSync(path.join(MIGRATIONS, 'meta', '_journal.json'))) {
    return;
  }
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await migrate(drizzle(client), { migrationsFolder: MIGRATIONS });
  } finally {
    await client.end();
  }
}

function hashMigrations(): string {
  const files = existsSync(MIGRATIONS) ? readdirSync(MIGRATIONS).filter((name) => name.endsWith('.sql')) : [];
  const hash = createHash('sha256');
  for (const file of files.sort()) {
    hash.update(file).update(readFileSync(path.join(MIGRATIONS, file)));
  }
  return hash.digest('hex').slice(0, 12);
}

/** The same server, another database. */
function urlOf(adminUrl: string, database: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${database}`;
  return url.toString();
}
