// The processes of releases and fronts. They outlive the agent: a new agent finds them by a mark in their environment.
import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';

export const MARK = 'AETHERSTACK_RUN';
/** What a release's own children bear instead, so that one of them is never taken for the release. */
export const PART = 'AETHERSTACK_RUN_PART';
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

/** Who was found to bear a mark last: a look at one process instead of all of them. */
const known = new Map();

/** Whether the process that was started under this mark itself runs; read from /proc, so on Linux only. */
export function isUp(mark) {
  const bears = (pid) => environmentOf(pid).includes(`${MARK}=${mark}`) && isRunning(pid);
  if (known.has(mark) && bears(known.get(mark))) return true;
  const found = processes().find(bears);
  if (found === undefined) known.delete(mark);
  else known.set(mark, found);
  return found !== undefined;
}

/** The same with what they started. */
export function marked(mark) {
  const wanted = [MARK, PART].map((name) => `${name}=${mark}`);
  return processes().filter((pid) => environmentOf(pid).some((each) => wanted.includes(each)));
}

/** Ids of the processes in a systemd unit. */
export function inUnit(unit) {
  return processes().filter((pid) => textOf(`/proc/${pid}/cgroup`).trimEnd().endsWith(`/${unit}`));
}

/** Every mark of a process that runs, in one look; of children too. */
export function marks() {
  const found = processes().flatMap((pid) =>
    environmentOf(pid).flatMap((each) => {
      const [, mark] = /^AETHERSTACK_RUN(?:_PART)?=(.*)$/s.exec(each) ?? [];
      return mark !== undefined && isRunning(pid) ? [mark] : [];
    }),
  );
  return new Set(found);
}

/** Whether one of these processes listens on this port; null where the machine does not tell who does. */
export function isListener(pids, port) {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const lines = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) => textOf(file).split('\n').slice(1));
  const fields = lines.map((line) => line.trim().split(/\s+/));
  const found = new Set(fields.filter((each) => each[3] === '0A' && each[1].endsWith(wanted)).map((each) => each[9]));
  if (found.size === 0) return null;
  return pids.some((pid) => socketsOf(pid).some((inode) => found.has(inode)));
}

function socketsOf(pid) {
  const folder = `/proc/${pid}/fd`;
  try {
    return readdirSync(folder).flatMap((name) => /^socket:\[(\d+)\]$/.exec(linkOf(`${folder}/${name}`))?.[1] ?? []);
  } catch {
    return [];
  }
}

function linkOf(file) {
  try {
    return readlinkSync(file);
  } catch {
    return '';
  }
}

function textOf(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function processes() {
  if (!existsSync('/proc')) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

const environmentOf = (pid) => textOf(`/proc/${pid}/environ`).split('\0');

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
    if (child.pid) known.set(mark, child.pid);
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
