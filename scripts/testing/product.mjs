// Starts the real product the way a person does, in a world of its own, and stops it the way a person does.
import { spawn } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { freePort } from '../bootstrap/ports.mjs';
import { isRunning } from '../bootstrap/process-identity.mjs';

const START_MS = 300_000;
const STOP_MS = 30_000;

/**
 * @param {{ root: string, env?: Record<string, string>, say: (text: string) => void }} options
 * @returns {Promise<{ url: string, signInUrl: string, dataDir: string, stop(): Promise<string[]>, keepLogs(to: string): void }>}
 *   `stop` sends Ctrl-C's signal and returns what is wrong with the way it ended: nothing, when all is well
 */
export async function startProduct({ root, env = {}, say }) {
  const base = mkdtempSync(path.join(os.tmpdir(), 'aetherstack-product-'));
  chmodSync(base, 0o711);
  const port = String(await freePort());
  const child = spawn(process.execPath, [path.join(root, 'scripts', 'start.mjs')], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    // Empty, not absent: a developer's .env must not point the tests at a database of theirs.
    env: { ...process.env, ...NEUTRAL, PORT: port, AETHERSTACK_DATA: base, ...env },
  });
  const exited = new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
  const output = await untilAnnounced(child, exited, say);
  const dataDir = path.join(base, 'sandbox');
  const members = JSON.parse(readFileSync(path.join(dataDir, 'owner.lock'), 'utf8')).members;
  const stop = async () => {
    child.kill('SIGINT');
    const end = await Promise.race([exited, new Promise((resolve) => setTimeout(resolve, STOP_MS, undefined))]);
    const problems = wrongEnd(end, members, base);
    if (!end) {
      child.kill('SIGKILL');
    }
    removeHome(dataDir);
    rmSync(base, { recursive: true, force: true });
    return problems;
  };
  const keepLogs = (to) => cpSync(path.join(dataDir, 'logs'), to, { recursive: true });
  return { url: row(output, 'Open'), signInUrl: row(output, 'Sign in'), dataDir, pid: child.pid, stop, keepLogs };
}

const NEUTRAL = {
  DATABASE_URL: '',
  NEXTAUTH_URL: '',
  AETHERSTACK_MODE: 'sandbox',
  AETHERSTACK_SANDBOX_SCENARIO: '',
  HOSTNAME: '127.0.0.1',
};

function untilAnnounced(child, exited, say) {
  let output = '';
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGINT');
      reject(new Error(`npm start printed no address within ${START_MS / 1000} s`));
    }, START_MS);
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
        say(text);
        if (/^\s+Stop\s/m.test(output)) {
          clearTimeout(timer);
          resolve(output);
        }
      });
    }
    exited.then(({ code }) => {
      clearTimeout(timer);
      reject(new Error(`npm start ended with code ${code} before it was ready`));
    });
  });
}

function row(output, name) {
  return new RegExp(`^\\s+${name}\\s+(\\S+)`, 'm').exec(output)?.[1] ?? '';
}

function wrongEnd(end, members, base) {
  const problems = [];
  if (!end) {
    problems.push(`npm start did not end within ${STOP_MS / 1000} s of Ctrl-C`);
  } else if (end.code !== 0) {
    problems.push(`npm start ended with ${end.code ?? end.signal} on Ctrl-C, not with 0`);
  }
  problems.push(...members.filter(isRunning).map(({ name, pid }) => `Ctrl-C left ${name} running (pid ${pid})`));
  problems.push(...processesNaming(base).map((pid) => `Ctrl-C left a process of this start running (pid ${pid})`));
  return problems;
}

/** Processes whose command line or environment names the folder (Linux; elsewhere none are found). */
export function processesNaming(folder) {
  const pids = existsSync('/proc') ? readdirSync('/proc').filter((name) => /^\d+$/.test(name)) : [];
  return pids.filter((pid) => {
    if (Number(pid) === process.pid) {
      return false;
    }
    try {
      const text = readFileSync(`/proc/${pid}/cmdline`, 'utf8') + readFileSync(`/proc/${pid}/environ`, 'utf8');
      return text.includes(folder);
    } catch {
      return false;
    }
  });
}

// As root on a machine whose temporary folder is closed, the database lies elsewhere.
function removeHome(dataDir) {
  const file = path.join(dataDir, 'postgres.json');
  if (existsSync(file)) {
    rmSync(JSON.parse(readFileSync(file, 'utf8')).home, { recursive: true, force: true });
  }
}
