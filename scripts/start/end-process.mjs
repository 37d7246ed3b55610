import { gone, stopPostmaster } from '../bootstrap/postgres-orphan.mjs';
import { isRunning } from '../bootstrap/process-identity.mjs';

const PATIENCE_MS = 5_000;

/**
 * Ends one process of a start: Postgres by a fast shutdown, anything else by SIGTERM and then SIGKILL of its group.
 * Does nothing when that very process no longer runs.
 * @param {{ name: string, pid: number, started: string }} member
 */
export async function endProcess(member) {
  if (member.name === 'postgres') {
    return stopPostmaster(member);
  }
  if (!isRunning(member)) {
    return;
  }
  signalGroup(member.pid, 'SIGTERM');
  if (!(await gone(member, PATIENCE_MS))) {
    signalGroup(member.pid, 'SIGKILL');
    await gone(member, PATIENCE_MS);
  }
}

/** Ends the processes of a start in the reverse order of their beginning. */
export async function endAll(members) {
  for (const member of [...members].reverse()) {
    await endProcess(member);
  }
}

/** Of its group where it leads one, else of that process alone. */
function signalGroup(pid, signal) {
  for (const each of process.platform === 'win32' ? [pid] : [-pid, pid]) {
    try {
      process.kill(each, signal);
      return;
    } catch {
      // It leads none, or ended by itself in between.
    }
  }
}
