import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { tryLock } from '../bootstrap/lock.mjs';
import { isRunning } from '../bootstrap/process-identity.mjs';
import { endAll } from './end-process.mjs';

const LEAVING_MS = 20_000;

/**
 * Makes this process the one owner of a data folder. An owner that was killed is succeeded: what it left running
 * is ended first. One that is on its way out (its npm is gone) is waited for.
 * @param {string} dataDir
 * @param {{ url: string, starters: object[], say: (line: string) => void }} me
 * @throws {Error} naming the owner's pid and URL
 */
export async function ownDataFolder(dataDir, { url, starters, say }) {
  const file = path.join(dataDir, 'owner.lock');
  const end = Date.now() + LEAVING_MS;
  for (;;) {
    const lock = tryLock(file, { url, starters, members: [] });
    if (lock.held) {
      await succeed(lock.previous, say);
      return lock;
    }
    const { holder } = lock;
    const leaving = holder.leaving || !(holder.starters ?? []).every(isRunning);
    if (!leaving || Date.now() > end) {
      throw new Error(
        `AetherStack already runs on ${dataDir}: pid ${holder.pid}, ${holder.url}. ` +
          `Open that, or stop it first (Ctrl-C there, or: kill ${holder.pid}).`,
      );
    }
    await wait(100);
  }
}

async function succeed(previous, say) {
  const left = (previous?.members ?? []).filter(isRunning);
  if (left.length > 0) {
    say(`An earlier start was killed; ending what it left running (${left.map(({ name }) => name).join(', ')}) …`);
    await endAll(left);
  }
}
