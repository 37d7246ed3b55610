import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Scenario } from '@/lib/providers/port';
import { type EmbeddedPostgres, startPostgres } from '../bootstrap/postgres.mjs';
import { identify } from '../bootstrap/process-identity.mjs';
import { startGuard } from '../start/start-guard.mjs';

export interface ProviderTruth {
  counts: { runs: number; markers: number; doubled: number; unmarked: number };
  runs: { id: string; marker: string | null; attempt: number; status: string; conclusion: string | null }[];
}

export interface ChaosWorld {
  env: Record<string, string>;
  postgres: EmbeddedPostgres;
  scenario(change: Omit<Partial<Scenario>, 'webhooks'>): Promise<void>;
  truth(): Promise<ProviderTruth>;
  startWorker(): Promise<ChildProcess>;
  close(): Promise<void>;
}

/** Child processes of one experiment; none outlives it, however it ends. */
class Crew {
  readonly #children = new Set<ChildProcess>();
  readonly #watched: { name: string; pid: number; started: string }[] = [];
  readonly #guard = startGuard();

  watch(name: string, pid: number | undefined): void {
    const identity = pid === undefined ? undefined : identify(pid);
    if (identity) this.#watched.push({ name, ...identity });
    this.#guard.watch(this.#watched);
  }

  async start(name: string, args: string[], env: Record<string, string>, ready: RegExp) {
    const child = spawn(process.execPath, args, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#children.add(child);
    child.once('exit', () => this.#children.delete(child));
    this.watch(name, child.pid);
    return { child, line: await lineOf(child, ready) };
  }

  async end(): Promise<void> {
    for (const child of this.#children) child.kill('SIGKILL');
    await this.#guard.dismiss();
  }
}

const SANDBOX = ['--import', 'tsx', 'lib/sandbox/server.ts', '--port', '0', '--memory', '--pace', '0.02'];
const WORKER = ['--conditions=react-server', '--import', 'tsx', 'scripts/chaos/worker.ts'];

/** Postgres, the provider (a process that is never killed: it is the truth) and the means to start and kill workers. */
export async function chaosWorld(options: { seed: number; settleSeconds: number }): Promise<ChaosWorld> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'aetherstack-chaos-'));
  chmodSync(folder, 0o711);
  const crew = new Crew();
  const postgres = await startPostgres({ dataDir: path.join(folder, 'data'), settings: { max_connections: '200' } });
  crew.watch('postgres', postgres.pid);
  const args = [...SANDBOX, '--quota', '10000000', '--seed', String(options.seed)];
  const sandbox = await crew.start('sandbox', args, {}, /^listening (\d+)/);
  const sandboxUrl = `http://127.0.0.1:${sandbox.line[1]}`;
  const env = environment(postgres.url, sandboxUrl, options.settleSeconds);
  return {
    env,
    postgres,
    scenario: async (change) => {
      const body = JSON.stringify(change);
      const answer = await fetch(`${sandboxUrl}/__sandbox/scenario`, { method: 'POST', body });
      if (!answer.ok) throw new Error(`The sandbox refused the scenario: ${await answer.text()}`);
    },
    truth: async () => (await (await fetch(`${sandboxUrl}/__sandbox/state`)).json()) as ProviderTruth,
    startWorker: async () => (await crew.start('worker', WORKER, env, /^working/)).child,
    close: async () => {
      await crew.end();
      await postgres.stop();
      rmSync(postgres.home, { recursive: true, force: true });
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

// One pair for all experiments of a run: the harness itself parses its environment once.
const SECRETS = {
  NEXTAUTH_SECRET: randomBytes(36).toString('base64'),
  AETHERSTACK_KEK: randomBytes(32).toString('base64'),
};

function environment(databaseUrl: string, sandboxUrl: string, settleSeconds: number): Record<string, string> {
  return {
    DATABASE_URL: databaseUrl,
    NEXTAUTH_URL: 'http://127.0.0.1:1',
    ...SECRETS,
    AETHERSTACK_MODE: 'sandbox',
    AETHERSTACK_SANDBOX_URL: sandboxUrl,
    AETHERSTACK_SETTLE_SECONDS: String(settleSeconds),
  };
}

function lineOf(child: ChildProcess, wanted: RegExp): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`A process ended with code ${code} before it was ready.`)));
    if (!child.stdout) return reject(new Error('The process has no output.'));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const match = wanted.exec(line);
      if (match) resolve(match);
    });
  });
}
