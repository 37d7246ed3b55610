import { spawn } from 'node:child_process';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Thrown when the person at the terminal asked to stop while something was still under way. */
export class Stopped extends Error {
  constructor() {
    super('Stopped.');
    this.name = 'Stopped';
  }
}

/**
 * Runs a program to its end in a process group of its own, so that a stop request ends all of it.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, signal?: AbortSignal, onStart?: (pid: number) => void,
 *   onOutput?: (text: string) => void, shell?: boolean }} options
 * @returns {Promise<{ status: number | null, output: string, error?: Error }>} `output` is stdout and stderr, last 256 kB
 * @throws {Stopped} when this process was told to stop meanwhile
 */
export async function runToEnd(command, args, { onStart, onOutput, signal, ...options } = {}) {
  const group = process.platform !== 'win32';
  const child = spawn(command, args, { ...options, detached: group, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (text) => {
      output = (output + text).slice(-256 * 1024);
      onOutput?.(text);
    });
  }
  let stopped = false;
  const stop = () => {
    stopped = true;
    killGroup(child, group);
  };
  for (const name of SIGNALS) {
    process.on(name, stop);
  }
  signal?.addEventListener('abort', stop);
  if (child.pid) {
    onStart?.(child.pid);
  }
  if (signal?.aborted) {
    stop();
  }
  const result = await new Promise((resolve) => {
    child.once('error', (error) => resolve({ status: null, error }));
    child.once('close', (status) => resolve({ status }));
  });
  for (const name of SIGNALS) {
    process.off(name, stop);
  }
  signal?.removeEventListener('abort', stop);
  if (stopped) {
    throw new Stopped();
  }
  return { ...result, output };
}

function killGroup(child, group) {
  try {
    process.kill(group ? -child.pid : child.pid, 'SIGTERM');
  } catch {
    // It ended by itself in between.
  }
}
