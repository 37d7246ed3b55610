// The real registry server of Debian, for tests: started on a free port of this machine, with a folder of its own.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export interface RegistryOptions {
  /** Lines below `auth:`; open to everybody when left out. */
  auth?: string[];
  /** Where blobs are kept: downloads are sent on to there. */
  storage?: string;
}

export interface RealRegistry {
  /** `http://127.0.0.1:port` */
  origin: string;
  /** Its folder; blobs are below `docker/registry/v2/blobs`. */
  folder: string;
  stop(): Promise<void>;
}

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

function onPath(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), '/usr/bin'];
  return folders.map((folder) => path.join(folder, name)).find((file) => existsSync(file));
}

const CACHE = path.resolve('.cache');
const UNPACKED = path.join(CACHE, 'docker-registry');
const BINARY = path.join(UNPACKED, 'usr', 'bin', 'docker-registry');

/** Debian's package, unpacked and not installed: installing it would start a registry that nobody asked for. */
function unpack(): string {
  mkdirSync(CACHE, { recursive: true });
  const work = mkdtempSync(path.join(CACHE, 'docker-registry-'));
  const run = (command: string, ...args: string[]) => spawnSync(command, args, { cwd: work, encoding: 'utf8' });
  const download = () => run('apt-get', '-q', 'download', 'docker-registry');
  let said = download();
  if (said.status !== 0 && process.getuid?.() === 0) {
    run('apt-get', '-q', '-o', 'DPkg::Lock::Timeout=120', 'update');
    said = download();
  }
  const archive = readdirSync(work).find((name) => name.endsWith('.deb'));
  if (archive && run('dpkg', '-x', archive, 'out').status === 0) {
    try {
      renameSync(path.join(work, 'out'), UNPACKED);
    } catch (error) {
      // Another test file was faster; what both unpacked is the same.
      if (!existsSync(BINARY)) throw error;
    }
  }
  rmSync(work, { recursive: true, force: true });
  return (said.stderr || said.error?.message || '').trim().split('\n').pop() ?? '';
}

/**
 * Path of a docker-registry: the one on PATH, else the one in Debian's package, brought along.
 * @throws {Error} with a sentence that says how to get it; tests that need it fail then, and are not skipped.
 */
export function requireDockerRegistry(): string {
  const found = onPath('docker-registry');
  if (found) return found;
  const said = existsSync(BINARY) ? '' : unpack();
  if (existsSync(BINARY)) return BINARY;
  throw new Error(
    `These tests run against a real registry server, and none is here (${said}). Install it (Debian and Ubuntu: apt-get install docker-registry) or put “docker-registry” on PATH.`,
  );
}

function configOf(folder: string, { auth, storage }: RegistryOptions): string {
  return [
    'version: 0.1',
    'log: { level: info, accesslog: { disabled: true } }',
    'storage:',
    `  filesystem: { rootdirectory: ${folder} }`,
    '  delete: { enabled: true }',
    ...(storage ? ['middleware:', '  storage:', `    - { name: redirect, options: { baseurl: "${storage}" } }`] : []),
    'http: { addr: "127.0.0.1:0", secret: not-a-secret }',
    ...(auth ? ['auth:', ...auth.map((line) => `  ${line}`)] : []),
  ].join('\n');
}

/** Starts one; resolves when it listens. `files` are put beside its settings and stand there as `$FOLDER/name`. */
export async function startRegistry(
  options: RegistryOptions = {},
  files: Record<string, string> = {},
): Promise<RealRegistry> {
  const binary = requireDockerRegistry();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'aetherstack-registry-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  const settings = path.join(folder, 'config.yml');
  writeFileSync(settings, configOf(folder, options).replaceAll('$FOLDER', folder));
  const child = spawn(binary, ['serve', settings], { stdio: ['ignore', 'ignore', 'pipe'], env: process.env });
  running.add(child);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const port = await new Promise<string>((resolve, reject) => {
    let said = '';
    child.once('exit', () => reject(new Error(`docker-registry ended at once: ${said.slice(0, 600)}`)));
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk;
      const found = /listening on 127\.0\.0\.1:(\d+)/.exec(said)?.[1];
      if (found) resolve(found);
    });
  });
  return {
    origin: `http://127.0.0.1:${port}`,
    folder,
    async stop() {
      child.kill('SIGKILL');
      await ended;
      running.delete(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** One account, for `htpasswd`: https://httpd.apache.org/docs/2.4/programs/htpasswd.html, bcrypt as the registry demands. */
export const ACCOUNT = {
  username: 'robot',
  password: 'registry-password-4711',
  htpasswd: 'robot:$2b$04$W2zg96DlbggcnXryK1PLdONS3Epv/etp6KTzld6QB5Saiya4SNoy6\n',
} as const;

export const HTPASSWD = ['htpasswd: { realm: test, path: $FOLDER/htpasswd }'];
