import type { ChildProcess } from 'node:child_process';
import { serverNodeOptions } from '../../start/node-options.mjs';
import { COMPILED, WORKER_FILE } from './build-worker';
import type { Crew } from './crew';

export interface WorkerOptions {
  /** As in AETHERSTACK_FAILPOINTS. */
  failpoints?: string;
  /** How wrong this process's clock is. Milliseconds. */
  skewMs?: number;
  /** Another way to the database, such as a proxy's port. */
  databasePort?: number;
  databaseUrl?: string;
  /** False: it answers requests and does no work by itself. */
  works?: boolean;
  /** Settings beside those of its world. */
  env?: Record<string, string>;
}

/** One instance of the engine, as a process of its own. */
export interface Worker {
  child: ChildProcess;
  url: string;
  /** Asks a verb over HTTP, as a browser would; throws when the process dies before it answers. */
  call(verb: string, input: object, personName?: string): Promise<{ status: number; body: unknown }>;
  kill(): Promise<void>;
  /** SIGTERM, as a deployment of the console itself sends. */
  end(): Promise<void>;
  /** Resolves when the process has ended, with its signal. */
  gone: Promise<NodeJS.Signals | null>;
  alive(): boolean;
}

const PROGRAM = ['--conditions=react-server', WORKER_FILE];

/** Postgres may be away while it starts: it then ends, and whoever runs it starts it again. */
async function startAsAManagerWould<T>(start: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++)
    try {
      return await start();
    } catch (error) {
      if (tries === 4 || !/code 1\b/.test(String(error))) throw error;
    }
}

function settingsOf(env: Record<string, string>, database: URL, options: WorkerOptions): Record<string, string> {
  return {
    ...env,
    DATABASE_URL: database.toString(),
    NODE_COMPILE_CACHE: COMPILED,
    NODE_OPTIONS: serverNodeOptions(),
    // What a worker says about the faults that it is put through is not what a reader of this run looks for.
    AETHERSTACK_LOG_LEVEL: process.env.CHAOS_LOG_LEVEL ?? 'error',
    ...(options.failpoints ? { AETHERSTACK_FAILPOINTS: options.failpoints } : {}),
    ...(options.skewMs ? { CHAOS_SKEW_MS: String(options.skewMs) } : {}),
    ...(options.works === false ? { CHAOS_WORKS: 'no' } : {}),
    ...options.env,
  };
}

export async function startWorker(crew: Crew, env: Record<string, string>, options: WorkerOptions): Promise<Worker> {
  const database = new URL(options.databaseUrl ?? env.DATABASE_URL ?? '');
  if (options.databasePort) database.port = String(options.databasePort);
  const args = options.skewMs ? ['--import', './scripts/chaos/lab/skew.mjs', ...PROGRAM] : PROGRAM;
  const { child, line } = await startAsAManagerWould(() =>
    crew.start('worker', args, settingsOf(env, database, options), /^working (\d+)/),
  );
  const url = `http://127.0.0.1:${line[1]}`;
  const gone = new Promise<NodeJS.Signals | null>((resolve) => child.once('exit', (_, signal) => resolve(signal)));
  const alive = () => child.exitCode === null && child.signalCode === null;
  const signal = async (name: NodeJS.Signals) => {
    if (!alive()) return;
    child.kill(name);
    await gone;
  };
  return {
    child,
    url,
    gone,
    alive,
    call: async (verb, input, personName = 'ana') => {
      const answer = await fetch(`${url}/verb/${verb}?person=${personName}`, {
        method: 'POST',
        body: JSON.stringify(input),
      });
      return { status: answer.status, body: await answer.json() };
    },
    kill: () => signal('SIGKILL'),
    end: () => signal('SIGTERM'),
  };
}
