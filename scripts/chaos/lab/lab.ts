import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { migrateDatabase } from '@/lib/db/migrate';
import { openQueue } from '@/lib/jobs/queue';
import { startPostgres } from '../../bootstrap/postgres.mjs';
import { buildWorker } from './build-worker';
import { Crew } from './crew';
import { openWorld, type World, type WorldOptions } from './world';

/** One Postgres server for all experiments of a run; each has its own database on it and its own simulated provider. */
export interface Lab {
  world(options: WorldOptions): Promise<World>;
  /** An `immediate` stop (what a power cut looks like to Postgres) and a new start. Resolves when it answers again. */
  crash(): Promise<{ before: string; after: string }>;
  /** The same with the cluster's folder in somebody's hands between the two. */
  whileStopped(work: (cluster: string) => void): Promise<void>;
  /** A second database with the same content, as a restored backup has. Whoever is connected to `from` is cut off. */
  backUp(from: string, to: string): Promise<string>;
  /** An empty database, to restore into. */
  empty(name: string): Promise<string>;
  /** For files; removed with the lab. */
  folder: string;
  serverVersion(): Promise<string>;
  close(): Promise<void>;
}

export interface LabServer {
  url: string;
  pid: number;
  /** Of the cluster. */
  home: string;
  exited: Promise<unknown>;
  stop(): Promise<void>;
}

const TEMPLATE = 'chaos_template';
const SETTINGS = { max_connections: '400' };
const embedded = (folder: string) => startPostgres({ dataDir: path.join(folder, 'data'), settings: SETTINGS });

/** The server of a lab, which may be another process after each stop. */
async function openServer(crew: Crew, folder: string, start: (folder: string) => Promise<LabServer>) {
  let postgres = await start(folder);
  crew.watch('postgres', postgres.pid);
  return {
    url: () => postgres.url,
    whileStopped: async (work: (cluster: string) => void) => {
      process.kill(postgres.pid, 'SIGQUIT');
      await postgres.exited;
      await postgres.stop();
      work(path.join(postgres.home, 'cluster'));
      postgres = await start(folder);
      crew.watch('postgres', postgres.pid);
    },
    close: async () => {
      await postgres.stop();
      rmSync(postgres.home, { recursive: true, force: true });
    },
  };
}

/** `startServer` starts the server whose cluster is below that folder, and makes the cluster the first time. */
export async function openLab(startServer: (folder: string) => Promise<LabServer> = embedded): Promise<Lab> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'aetherstack-chaos-'));
  chmodSync(folder, 0o711);
  const crew = new Crew();
  const { url, whileStopped, close } = await openServer(crew, folder, startServer);
  await Promise.all([prepareTemplate(url()), buildWorker()]);
  let count = 0;
  const copyDatabase = async (from: string, to: string) => {
    await admin(url(), `create database ${to} template ${from}`);
    return databaseUrl(url(), to);
  };
  return {
    folder,
    whileStopped,
    world: async (options) => {
      count += 1;
      const database = `chaos_${count}`;
      const url = await copyDatabase(TEMPLATE, database);
      return openWorld({ seed: 1, ...options, crew, database, url, folder: path.join(folder, database) });
    },
    backUp: async (from, to) => {
      await admin(url(), `alter database ${from} allow_connections false`);
      try {
        await cutOff(url(), from);
        return await copyDatabase(from, to);
      } finally {
        await admin(url(), `alter database ${from} allow_connections true`);
      }
    },
    empty: async (name) => {
      await admin(url(), `create database ${name}`);
      return databaseUrl(url(), name);
    },
    crash: async () => {
      const before = await startedAt(url());
      await whileStopped(() => {});
      return { before, after: await startedAt(url()) };
    },
    serverVersion: async () => String((await admin(url(), 'show server_version'))[0]?.server_version ?? ''),
    close: async () => {
      await crew.end();
      await close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Migrations and the queue's own schema once; a copy takes a fraction of that. */
async function prepareTemplate(serverUrl: string): Promise<void> {
  await admin(serverUrl, `create database ${TEMPLATE}`);
  const url = databaseUrl(serverUrl, TEMPLATE);
  await migrateDatabase(url);
  const boss = await openQueue(url, { onError: () => {} });
  await boss.stop({ graceful: false });
  await cutOff(serverUrl, TEMPLATE);
}

/** Ends every connection to it and waits until they are gone. */
async function cutOff(serverUrl: string, name: string): Promise<void> {
  while ((await admin(serverUrl, `select 1 from pg_stat_activity where datname = '${name}'`)).length > 0)
    await admin(serverUrl, `select pg_terminate_backend(pid, 1000) from pg_stat_activity where datname = '${name}'`);
}

function databaseUrl(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.toString();
}

async function startedAt(url: string): Promise<string> {
  return String((await admin(url, 'select pg_postmaster_start_time()::text as at'))[0]?.at);
}

async function admin(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(sql)).rows as Record<string, unknown>[];
  } finally {
    await client.end();
  }
}
