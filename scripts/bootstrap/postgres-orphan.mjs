// What a launcher that was killed leaves behind: a server that still runs, or the file of one that does not.
import { readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { commandOf, identify, isRunning } from './process-identity.mjs';

/**
 * Stops a server that still runs on this cluster and removes a lock file that no server holds.
 * @param {string} cluster the PGDATA folder
 * @param {(line: string) => void} log
 */
export async function clearOrphan(cluster, log) {
  const lockFile = path.join(cluster, 'postmaster.pid');
  const pid = readPostmasterPid(lockFile);
  if (pid === undefined) {
    return;
  }
  const orphan = identify(pid);
  if (!orphan || !servesCluster(pid, cluster)) {
    // Postgres itself would refuse to start when the pid went to another process of the same account.
    rmSync(lockFile, { force: true });
    return;
  }
  log(`Stopping the database server that an earlier start left running (pid ${pid}) …`);
  await stopPostmaster(orphan);
}

/** Fast shutdown, then immediate, then kill. Resolves when the process is gone. */
export async function stopPostmaster(identity, patience = 20_000) {
  for (const [signal, time] of [
    ['SIGINT', patience],
    ['SIGQUIT', 5_000],
    ['SIGKILL', 5_000],
  ]) {
    if (!isRunning(identity)) {
      return;
    }
    try {
      process.kill(identity.pid, signal);
    } catch (error) {
      if (error.code === 'EPERM') {
        throw new Error(
          `The database of this folder is in use by a server of another user (pid ${identity.pid}). Stop it first.`,
        );
      }
      return;
    }
    await gone(identity, time);
  }
}

/** Waits until the process has ended, at most `time` milliseconds. */
export async function gone(identity, time) {
  const end = Date.now() + time;
  while (isRunning(identity) && Date.now() < end) {
    await wait(30);
  }
  return !isRunning(identity);
}

function readPostmasterPid(lockFile) {
  try {
    const pid = Number(readFileSync(lockFile, 'utf8').split('\n')[0]);
    return Number.isInteger(pid) && pid > 1 ? pid : undefined;
  } catch {
    return undefined;
  }
}

// The server's working folder is its cluster; where that cannot be read, its command line names it.
function servesCluster(pid, cluster) {
  const command = commandOf(pid);
  if (process.platform === 'linux') {
    try {
      return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(cluster);
    } catch {
      return command.includes('postgres') && command.includes(cluster);
    }
  }
  return command.includes('postgres') && command.includes(cluster);
}
