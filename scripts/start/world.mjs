// The processes of one start: begun in order, watched, and ended in the reverse order.
import { spawn } from 'node:child_process';
import { createWriteStream, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { lastLines, rotateLog } from '../bootstrap/postgres.mjs';
import { identify } from '../bootstrap/process-identity.mjs';
import { Stopped } from '../bootstrap/run.mjs';
import { endProcess } from './end-process.mjs';
import { startGuard } from './start-guard.mjs';

const SURFACED_PER_MINUTE = 40;

/**
 * @typedef {{ name: string, identity: { pid: number, started: string }, logFile: string, exited: Promise<unknown>,
 *   stop(): Promise<void> }} Member
 */

/**
 * @param {{ logs: string, recordMembers: (members: object[]) => void, say: (line: string) => void, signal: AbortSignal }} options
 */
export function createWorld({ logs, recordMembers, say, signal }) {
  /** @type {Member[]} */
  const members = [];
  const guard = startGuard();
  const deaths = Promise.withResolvers();
  let closing = false;

  const record = () => {
    const list = members.map(({ name, identity }) => ({ name, ...identity }));
    recordMembers(list);
    guard.watch(list);
  };

  async function add(member) {
    members.push(member);
    record();
    member.exited.then((end) => closing || deaths.resolve({ ...member, end }));
    if (closing || signal.aborted) {
      throw new Stopped();
    }
    return member;
  }

  /** Starts a Node program; resolves once a line of its stdout matches `readyLine`, at once without one. */
  async function start(name, args, { env, cwd, readyLine }) {
    if (closing || signal.aborted) {
      throw new Stopped();
    }
    const { member, stdout } = spawnMember(name, args, { env, cwd, logs, say });
    await add(member);
    if (readyLine) {
      await Promise.race([says(stdout, readyLine), endsEarly(member), aborted(signal)]);
    }
    return member;
  }

  async function stopAll() {
    closing = true;
    for (const member of [...members].reverse()) {
      await member.stop();
    }
    await guard.dismiss();
  }

  return { add, start, stopAll, firstDeath: deaths.promise };
}

// A process group of its own: Ctrl-C in the terminal reaches only the launcher, which ends things in order.
function spawnMember(name, args, { env, cwd, logs, say }) {
  const logFile = rotateLog(logs, name);
  const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const identity = identify(child.pid);
  const file = createWriteStream(logFile, { flags: 'a' });
  child.stdout.pipe(file, { end: false });
  child.stderr.pipe(file, { end: false });
  surfaceErrors(name, child.stderr, logFile, say);
  const stop = () => endProcess({ name, ...identity });
  return { member: { name, identity, logFile, exited: whenEnded(child), stop }, stdout: child.stdout };
}

async function whenEnded(child) {
  const closed = new Promise((resolve) => child.once('close', resolve));
  const end = await new Promise((resolve) => {
    child.once('error', (error) => resolve({ error }));
    child.once('exit', (code, ended) => resolve({ code, signal: ended }));
  });
  // Its last words may still be in the pipe, which a grandchild can hold open for good.
  await Promise.race([closed, wait(500)]);
  return end;
}

function says(stream, pattern) {
  const lines = createInterface({ input: stream });
  return new Promise((resolve) => lines.on('line', (line) => pattern.test(line) && resolve()));
}

/** Rejects with a sentence when the process ends, which it should not. */
export async function endsEarly(member) {
  throw new Error(describeDeath({ ...member, end: await member.exited }));
}

/** A sentence about a process that ended by itself, with the last lines it wrote. */
export function describeDeath({ name, logFile, end }) {
  const how = end.error?.message ?? (end.signal ? `was ended by ${end.signal}` : `ended with code ${end.code}`);
  const said = lastLines(readFileSync(logFile, 'utf8'), 12);
  return `The ${name} ${how}. The last lines it wrote:\n${said || '(nothing)'}\nAll of it is in ${logFile}`;
}

export function aborted(signal) {
  return new Promise((_, reject) => {
    const stop = () => reject(new Stopped());
    if (signal.aborted) {
      stop();
    } else {
      signal.addEventListener('abort', stop, { once: true });
    }
  });
}

function surfaceErrors(name, stream, logFile, say) {
  let count = 0;
  let minute = 0;
  createInterface({ input: stream }).on('line', (line) => {
    const now = Math.floor(Date.now() / 60_000);
    count = now === minute ? count + 1 : 1;
    minute = now;
    if (line.trim() && count <= SURFACED_PER_MINUTE) {
      say(`[${name}] ${line}${count === SURFACED_PER_MINUTE ? `\n[${name}] … more in ${logFile}` : ''}`);
    }
  });
}
