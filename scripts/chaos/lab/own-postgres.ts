import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { freePort } from '../../bootstrap/ports.mjs';
import { type Account, chooseAccount, giveFolder } from '../../bootstrap/postgres-account.mjs';
import type { LabServer } from './lab';

/** A Postgres that this machine has of its own, with the tools that people back up with; the embedded one brings none. */
export interface OwnPostgres {
  bin: string;
  /** As in `15.18`. */
  version: string;
}

const PROGRAMS = ['initdb', 'postgres', 'pg_dump', 'pg_restore'];
const DEBIAN = '/usr/lib/postgresql';

/** The newest one below /usr/lib/postgresql, or of `pg_config`; null when a program is missing. */
export function findOwnPostgres(): OwnPostgres | null {
  const installed = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)) : [];
  const config = spawnSync('pg_config', ['--bindir'], { encoding: 'utf8' });
  const folders = [...installed.map((name) => path.join(DEBIAN, name, 'bin')), (config.stdout ?? '').trim()];
  const bin = folders.find((folder) => folder && PROGRAMS.every((name) => existsSync(path.join(folder, name))));
  if (!bin) return null;
  const says = execFileSync(path.join(bin, 'pg_dump'), ['--version'], { encoding: 'utf8' });
  return { bin, version: /\d+(\.\d+)*/.exec(says)?.[0] ?? '' };
}

/** A server of it with a cluster in `folder`, for as long as the lab that asked. */
export function ownServer({ bin }: OwnPostgres): (folder: string) => Promise<LabServer> {
  return async (folder) => {
    const account = chooseAccount(undefined);
    const home = path.join(folder, 'own');
    giveFolder(account, home);
    const cluster = path.join(home, 'cluster');
    if (!existsSync(cluster)) initialise(bin, account, home, cluster);
    const port = await freePort();
    const options = [`port=${port}`, 'listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=400'];
    const child = spawn(path.join(bin, 'postgres'), ['-D', cluster, ...options.flatMap((each) => ['-c', each])], {
      ...as(account),
      cwd: home,
      stdio: 'ignore',
    });
    const exited = new Promise<unknown>((resolve) => child.once('exit', resolve));
    const url = `postgres://aetherstack:${PASSWORD}@127.0.0.1:${port}/postgres`;
    await answers(url);
    const stop = async () => {
      child.kill('SIGINT');
      await exited;
    };
    return { url, pid: child.pid ?? 0, home, exited, stop };
  };
}

/** On loopback, for minutes. */
const PASSWORD = 'chaos';

function as({ uid, gid }: Account) {
  return { ...(uid === undefined ? {} : { uid }), ...(gid === undefined ? {} : { gid }) };
}

function initialise(bin: string, account: Account, home: string, cluster: string): void {
  const secret = path.join(home, 'password');
  writeFileSync(secret, PASSWORD, { mode: 0o600 });
  if (account.uid !== undefined && account.gid !== undefined) chownSync(secret, account.uid, account.gid);
  const how = [
    '-U',
    'aetherstack',
    '--auth=scram-sha-256',
    `--pwfile=${secret}`,
    '--locale=C.UTF-8',
    '--encoding=UTF8',
  ];
  execFileSync(path.join(bin, 'initdb'), ['-D', cluster, ...how], { ...as(account), cwd: home, stdio: 'pipe' });
}

async function answers(url: string): Promise<void> {
  for (let tries = 0; ; tries++) {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => {});
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (tries >= 150) throw error;
      await wait(200);
    }
  }
}

/** A dump in the custom format, while everybody works on. Returns its file. */
export function dump({ bin }: OwnPostgres, url: string, folder: string): string {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, 'aetherstack.dump');
  execFileSync(path.join(bin, 'pg_dump'), ['--format=custom', `--file=${file}`, url], { stdio: 'pipe' });
  return file;
}

/** Into an empty database. Throws with what pg_restore says. */
export function restore({ bin }: OwnPostgres, file: string, url: string): void {
  execFileSync(path.join(bin, 'pg_restore'), ['--exit-on-error', '--no-owner', `--dbname=${url}`, file], {
    stdio: 'pipe',
  });
}
