// A lock is a file that names its holder. It is made whole (written aside, then linked), so nobody reads half of one.
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { identify, isRunning } from './process-identity.mjs';

/**
 * Takes the lock or tells who has it. A lock whose holder no longer runs is taken over.
 * @param {string} file
 * @param {Record<string, unknown>} details kept in the file beside the holder's pid and start time
 * @returns {{ held: true, previous: any, update(more: object): void, release(): void } | { held: false, holder: any }}
 */
export function tryLock(file, details = {}) {
  mkdirSync(path.dirname(file), { recursive: true });
  const me = { ...identify(process.pid), nonce: `${process.pid}-${Date.now()}-${Math.random()}`, ...details };
  let previous;
  for (let attempt = 0; attempt < 20; attempt += 1) {
    if (place(file, me)) {
      return { held: true, previous, ...grip(file, me) };
    }
    const holder = read(file);
    if (holder && isRunning(holder)) {
      return { held: false, holder };
    }
    previous = removeStale(file, holder) ?? previous;
  }
  return { held: false, holder: read(file) ?? {} };
}

/**
 * Runs `work` while holding the lock; waits for another holder to finish first. A child that a killed holder left
 * behind (see `lock.update({ child })`) is ended before the work begins.
 * @template T
 * @param {string} file
 * @param {(lock: { update(more: object): void }) => Promise<T>} work
 * @param {(holder: any) => void} onWait
 * @returns {Promise<T>}
 */
export async function withLock(file, work, onWait = () => {}) {
  let told = false;
  for (;;) {
    const lock = tryLock(file);
    if (lock.held) {
      try {
        await endChild(lock.previous?.child);
        return await work(lock);
      } finally {
        lock.release();
      }
    }
    if (!told) {
      onWait(lock.holder);
      told = true;
    }
    await wait(200);
  }
}

async function endChild(child) {
  while (child && isRunning(child)) {
    try {
      process.kill(process.platform === 'win32' ? child.pid : -child.pid, 'SIGKILL');
    } catch {
      return;
    }
    await wait(50);
  }
}

/** What the lock file says, or undefined. */
export function readLock(file) {
  return read(file);
}

function place(file, content) {
  const aside = `${file}.${process.pid}.tmp`;
  writeFileSync(aside, JSON.stringify(content), { mode: 0o644 });
  try {
    linkSync(aside, file);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') {
      return false;
    }
    throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function removeStale(file, stale) {
  const aside = `${file}.${process.pid}.stale`;
  try {
    renameSync(file, aside);
  } catch {
    return undefined;
  }
  const moved = read(aside);
  // Between reading and moving, another starter may have put its own there: give that one back.
  if (moved && moved.nonce !== stale?.nonce && isRunning(moved)) {
    place(file, moved);
    rmSync(aside, { force: true });
    return undefined;
  }
  rmSync(aside, { force: true });
  return stale;
}

function grip(file, me) {
  let current = me;
  return {
    update(more) {
      current = { ...current, ...more };
      const aside = `${file}.${process.pid}.tmp`;
      writeFileSync(aside, JSON.stringify(current), { mode: 0o644 });
      renameSync(aside, file);
    },
    release() {
      if (read(file)?.nonce === me.nonce) {
        rmSync(file, { force: true });
      }
    },
  };
}

function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
