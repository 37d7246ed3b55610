import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import net from 'node:net';
import { commandOf } from './process-identity.mjs';

/** @returns {Promise<boolean>} whether a server could listen there now */
export async function isFree(port, host = '127.0.0.1') {
  return (await canListen(port, host)) && !(await answers(port, host));
}

/** A free port of 127.0.0.1: the remembered one where that is still free. */
export async function freePort(remembered) {
  if (remembered && (await isFree(remembered))) {
    return remembered;
  }
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** @returns {string | undefined} "node server.js (pid 4711)" for the process that listens on the port, when it can be told */
export function whoListens(port) {
  const pid = process.platform === 'linux' ? listenerOnLinux(port) : listenerByLsof(port);
  if (!pid) {
    return undefined;
  }
  const command = commandOf(pid).slice(0, 80);
  return `${command || 'a process'} (pid ${pid})`;
}

function canListen(port, host) {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}

// macOS lets two servers listen on *:port and 127.0.0.1:port at once, and the browser gets either.
function answers(port, host) {
  return new Promise((resolve) => {
    const socket = net.connect({ port, host: host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host });
    const done = (answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(1_000, () => done(false));
    socket.once('connect', () => done(true));
    socket.once('error', () => done(false));
  });
}

function listenerOnLinux(port) {
  const wanted = new Set();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of readLines(table)) {
      const fields = line.trim().split(/\s+/);
      if (fields[3] === '0A' && Number.parseInt(fields[1].split(':')[1], 16) === port) {
        wanted.add(`socket:[${fields[9]}]`);
      }
    }
  }
  const pids = wanted.size > 0 ? readdirSync('/proc').filter((name) => /^\d+$/.test(name)) : [];
  return Number(pids.find((pid) => holdsSocket(pid, wanted))) || undefined;
}

function holdsSocket(pid, wanted) {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => {
      try {
        return wanted.has(readlinkSync(`/proc/${pid}/fd/${fd}`));
      } catch {
        return false;
      }
    });
  } catch {
    return false;
  }
}

function readLines(file) {
  try {
    return readFileSync(file, 'utf8').split('\n').slice(1).filter(Boolean);
  } catch {
    return [];
  }
}

function listenerByLsof(port) {
  try {
    const text = execFileSync('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-t'], { encoding: 'utf8' });
    return Number(text.trim().split('\n')[0]) || undefined;
  } catch {
    return undefined;
  }
}
