// The processes of releases and fronts. They outlive the agent: a new agent finds them by a mark in their environment.
import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';

export const MARK = 'AETHERSTACK_RUN';
const HERE = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname);

/** A port that nobody listens on now. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** Ids of the processes that bear this mark; read from /proc, so on Linux only. */
export function marked(mark) {
  const wanted = `${MARK}=${mark}`;
  return processes().filter((pid) => environmentOf(pid).includes(wanted));
}

/** Every mark of a process that runs, in one look. */
export function marks() {
  const start = `${MARK}=`;
  const found = processes().flatMap((pid) =>
    environmentOf(pid).filter((each) => each.startsWith(start) && isRunning(pid)),
  );
  return new Set(found.map((each) => each.slice(start.length)));
}

function processes() {
  if (!existsSync('/proc')) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function environmentOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

/** Alive, and no zombie that nobody has waited for. */
export function isRunning(pid) {
  try {
    return !/^\d+ \(.*\) [ZX]/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** Starts one of the agent's own programs on its own; its output goes to a file. Only what it needs is in its environment. */
export function start(node, program, args, { mark, logFile, cwd }) {
  const out = openSync(logFile, 'a', 0o640);
  try {
    const child = spawn(node, [path.join(HERE, program), ...args], {
      detached: true,
      cwd,
      stdio: ['ignore', out, out],
      env: {
        [MARK]: mark,
        PATH: process.env.PATH ?? '',
        HOME: process.env.HOME ?? '/',
        TMPDIR: process.env.TMPDIR ?? '/tmp',
      },
    });
    child.on('error', () => undefined);
    child.unref();
    return child.pid ?? 0;
  } finally {
    closeSync(out);
  }
}

/** Asks every process of the mark to end, waits, then ends it. */
export async function stop(mark, graceMs) {
  const pids = marked(mark);
  for (const pid of pids) signal(pid, 'SIGTERM');
  const until = Date.now() + graceMs;
  while (pids.some(isRunning) && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 25));
  for (const pid of pids.filter(isRunning)) signal(pid, 'SIGKILL');
}

function signal(pid, name) {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended meanwhile.
  }
}
