// Postgres refuses to run as root, so root runs it under an unprivileged account — which must be able to reach
// the programs and the data. Where it cannot (a clone in a 0700 folder), both live below /var/lib/aetherstack.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import path from 'node:path';

export const SYSTEM_HOME = '/var/lib/aetherstack';

/**
 * @typedef {{ uid?: number, gid?: number, name: string }} Account
 */

/** @returns {Account} who runs Postgres: this user, or, for root, `owner` (of existing data), `postgres` or `nobody` */
export function chooseAccount(existingHome, passwdFile = '/etc/passwd') {
  if (process.getuid?.() !== 0) {
    return { name: 'this user' };
  }
  const accounts = readAccounts(passwdFile);
  const owner = existingHome && existsSync(existingHome) ? statSync(existingHome).uid : 0;
  const account =
    accounts.find(({ uid }) => owner !== 0 && uid === owner) ??
    accounts.find(({ name }) => name === 'postgres') ??
    accounts.find(({ name }) => name === 'nobody');
  if (!account) {
    throw new Error(
      'Postgres does not run as root, and this machine has neither a "postgres" nor a "nobody" account to run it under. ' +
        'Start as an ordinary user, or set DATABASE_URL to a Postgres of your own.',
    );
  }
  return account;
}

/** Home of the database files: inside the data folder where the account can reach it, else below /var/lib. */
export function placeHome(account, dataDir, log) {
  if (account.uid === undefined || canEnter(account, dataDir)) {
    return path.join(dataDir, 'postgres');
  }
  const home = path.join(SYSTEM_HOME, createHash('sha256').update(dataDir).digest('hex').slice(0, 16));
  mkdirSync(SYSTEM_HOME, { recursive: true, mode: 0o755 });
  chmodSync(SYSTEM_HOME, 0o755);
  log(`The account "${account.name}" cannot enter ${dataDir}, so the database is kept in ${home}`);
  return home;
}

/** Makes `folder` the account's own, closed to everybody else. */
export function giveFolder(account, folder) {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (account.uid !== undefined) {
    chownSync(folder, account.uid, account.gid);
    chmodSync(folder, 0o700);
  }
}

/** Folder of the Postgres programs that the account can run: the installed one, or a copy below /var/lib. */
export function placePrograms(account, native, version, log) {
  if (canRun(account, native)) {
    return native;
  }
  if (account.uid === undefined) {
    throw new Error(
      `The Postgres programs in ${native} do not run on this machine. Set DATABASE_URL to a Postgres of your own.`,
    );
  }
  const copy = path.join(SYSTEM_HOME, `postgres-${version}`);
  if (!canRun(account, copy)) {
    log(`The account "${account.name}" cannot run the programs in ${native}; copying them to ${copy}`);
    copyReadable(native, copy);
  }
  if (!canRun(account, copy)) {
    throw new Error(
      `Postgres cannot be run under the account "${account.name}" from ${copy}. ` +
        'Start as an ordinary user, or set DATABASE_URL to a Postgres of your own.',
    );
  }
  return copy;
}

function readAccounts(passwdFile) {
  const lines = existsSync(passwdFile) ? readFileSync(passwdFile, 'utf8').split('\n') : [];
  return lines
    .map((line) => line.split(':'))
    .filter((fields) => fields.length > 3)
    .map(([name, , uid, gid]) => ({ name, uid: Number(uid) >>> 0, gid: Number(gid) >>> 0 }));
}

// Asking the kernel as that account also covers ACLs, noexec mounts and the like, which mode bits do not.
function ask(account, command, ...args) {
  const { uid, gid } = account;
  return spawnSync('/bin/sh', ['-c', command, 'sh', ...args], { uid, gid, cwd: '/', stdio: 'ignore' }).status === 0;
}

function canEnter(account, folder) {
  return ask(account, 'cd "$1"', folder);
}

function canRun(account, native) {
  if (process.platform === 'win32') {
    return true;
  }
  const check =
    '"$1/bin/postgres" --version && "$1/bin/initdb" --version && test -r "$1/share/postgresql/postgres.bki"';
  return ask(account, check, native);
}

function copyReadable(from, to) {
  const aside = `${to}.${process.pid}.tmp`;
  mkdirSync(path.dirname(to), { recursive: true, mode: 0o755 });
  cpSync(from, aside, { recursive: true, verbatimSymlinks: true });
  makeReadable(aside);
  rmSync(to, { recursive: true, force: true });
  renameSync(aside, to);
}

function makeReadable(entry) {
  const info = lstatSync(entry);
  if (info.isDirectory()) {
    chmodSync(entry, 0o755);
    for (const name of readdirSync(entry)) {
      makeReadable(path.join(entry, name));
    }
  } else if (info.isFile()) {
    chmodSync(entry, info.mode & 0o100 ? 0o755 : 0o644);
  }
}
