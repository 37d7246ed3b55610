import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { identify } from '../../bootstrap/process-identity.mjs';
import { startGuard } from '../../start/start-guard.mjs';

/** Child processes of a run; none outlives it, however it ends. */
export class Crew {
  readonly #children = new Map<ChildProcess, { name: string; pid: number; started: string }>();
  readonly #fixed: { name: string; pid: number; started: string }[] = [];
  readonly #guard = startGuard();

  /** A process that others started, such as Postgres. */
  watch(name: string, pid: number): void {
    const identity = identify(pid);
    if (identity) this.#fixed.push({ name, ...identity });
    this.#tell();
  }

  #tell(): void {
    this.#guard.watch([...this.#fixed, ...this.#children.values()]);
  }

  /** Resolves with the first line of output that fits `ready`. Rejects when the process ends before. */
  async start(name: string, args: string[], env: Record<string, string>, ready: RegExp) {
    const child = spawn(process.execPath, args, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const identity = child.pid === undefined ? undefined : identify(child.pid);
    if (identity) this.#children.set(child, { name, ...identity });
    child.once('exit', () => {
      this.#children.delete(child);
      this.#tell();
    });
    this.#tell();
    return { child, line: await lineOf(child, ready) };
  }

  async end(): Promise<void> {
    for (const child of this.#children.keys()) child.kill('SIGKILL');
    await this.#guard.dismiss();
  }
}

function lineOf(child: ChildProcess, wanted: RegExp): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code, signal) =>
      reject(new Error(`A process ended with ${signal ?? `code ${code}`} before it was ready.`)),
    );
    if (!child.stdout) return reject(new Error('The process has no output.'));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const match = wanted.exec(line);
      if (match) resolve(match);
    });
  });
}
