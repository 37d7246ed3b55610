// A pid alone may have been given to somebody else since: pid + start time names one process for good.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * @typedef {{ pid: number, started: string }} ProcessIdentity
 */

/** @returns {ProcessIdentity | undefined} the process that has this pid now */
export function identify(pid) {
  const started = startTime(pid);
  return started === undefined ? undefined : { pid, started };
}

/** True while that very process runs (a zombie does not). */
export function isRunning(identity) {
  return Boolean(identity?.pid) && startTime(identity.pid) === identity.started;
}

/** @returns {number | undefined} pid of the parent of `pid` */
export function parentOf(pid) {
  if (process.platform === 'linux') {
    const fields = statFields(pid);
    return fields ? Number(fields[1]) : undefined;
  }
  const text = ps(pid, 'ppid=');
  return text ? Number(text) : undefined;
}

/** @returns {string} the command line of `pid`, or '' */
export function commandOf(pid) {
  if (process.platform === 'linux') {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    } catch {
      return '';
    }
  }
  return ps(pid, 'command=');
}

function startTime(pid) {
  if (process.platform === 'linux') {
    const fields = statFields(pid);
    return fields && fields[0] !== 'Z' && fields[0] !== 'X' ? fields[19] : undefined;
  }
  if (process.platform === 'win32') {
    return alive(pid) ? 'unknown' : undefined;
  }
  const [state, ...started] = ps(pid, 'stat=,lstart=').split(/\s+/);
  return state && !state.startsWith('Z') ? started.join(' ') : undefined;
}

function statFields(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the name in parentheses and may hold anything, so count from its end.
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

function ps(pid, columns) {
  try {
    return execFileSync('ps', ['-o', columns, '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
}

function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
