// The launcher, around a stand-in app: its real Postgres, its real locks, real signals.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createServer } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { freePort } from './bootstrap/ports.mjs';
import { isRunning, type ProcessIdentity } from './bootstrap/process-identity.mjs';

interface Start {
  child: ChildProcess;
  output(): string;
  /** Resolves once the block with the address is printed. */
  ready: Promise<void>;
  ended: Promise<number | null>;
}

interface World {
  base: string;
  dataDir: string;
  port: number;
  url: string;
  launcher: string;
}

// Each of these starts a real database; a busy machine takes its time.
vi.setConfig({ testTimeout: 90_000 });

const LAUNCHER = path.resolve('scripts/testing/launcher-stub.mjs');
const worlds: World[] = [];
const starts: Start[] = [];

async function makeWorld(parent = os.tmpdir()): Promise<World> {
  const base = mkdtempSync(path.join(parent, 'aetherstack-launcher-'));
  const port = await freePort();
  const world = {
    base,
    dataDir: path.join(base, 'data', 'sandbox'),
    port,
    url: `http://127.0.0.1:${port}`,
    launcher: LAUNCHER,
  };
  worlds.push(world);
  return world;
}

function start(world: World, env: Record<string, string> = {}, as: { uid?: number; gid?: number } = {}): Start {
  const { npm_lifecycle_event: _, ...outside } = process.env;
  const child = spawn(process.execPath, [world.launcher], {
    ...as,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...outside,
      DATABASE_URL: '',
      NEXTAUTH_URL: '',
      PORT: String(world.port),
      AETHERSTACK_DATA: path.join(world.base, 'data'),
      ...env,
    },
  });
  let output = '';
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  const ready = new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        if (/^\s+Stop\s/m.test(output)) resolve();
      });
    }
    void ended.then((code) => reject(new Error(`ended with ${code}: ${output}`)));
  });
  ready.catch(() => {});
  const begun = { child, output: () => output, ready, ended };
  starts.push(begun);
  return begun;
}

function members(world: World): (ProcessIdentity & { name: string })[] {
  return JSON.parse(readFileSync(path.join(world.dataDir, 'owner.lock'), 'utf8')).members;
}

async function until(condition: () => boolean): Promise<void> {
  await expect.poll(condition, { timeout: 60_000, interval: 50 }).toBe(true);
}

async function healthy(world: World): Promise<boolean> {
  const response = await fetch(`${world.url}/api/health`);
  return (await response.json()).ready;
}

afterEach(async () => {
  for (const { child, ended } of starts.splice(0)) {
    child.kill('SIGINT');
    await ended;
  }
  for (const { base, dataDir } of worlds.splice(0)) {
    const memory = path.join(dataDir, 'postgres.json');
    if (existsSync(memory)) rmSync(JSON.parse(readFileSync(memory, 'utf8')).home, { recursive: true, force: true });
    rmSync(base, { recursive: true, force: true });
  }
});

describe('npm start', () => {
  test('prints where to go, how to sign in, and that providers are simulated; keeps its secrets to itself', async () => {
    const world = await makeWorld();
    const one = start(world);
    await one.ready;
    expect(one.output()).toContain(`Open      ${world.url}\n`);
    expect(one.output()).toMatch(new RegExp(`Sign in {3}${world.url}/setup#[\\w-]{32} `));
    expect(one.output()).toContain('Providers simulated');
    expect(one.output()).toContain(world.dataDir);
    for (const name of ['keys.json', 'postgres.json']) {
      expect(statSync(path.join(world.dataDir, name)).mode & 0o077).toBe(0);
    }
    expect(await healthy(world)).toBe(true);
  });

  test('Ctrl-C ends everything and exits with 0', async () => {
    const world = await makeWorld();
    const one = start(world);
    await one.ready;
    const begun = members(world);
    expect(begun.map(({ name }) => name)).toEqual(['postgres', 'sandbox', 'app']);
    expect(begun.every(isRunning)).toBe(true);
    one.child.kill('SIGINT');
    expect(await one.ended).toBe(0);
    expect(begun.filter(isRunning)).toEqual([]);
    expect(existsSync(path.join(world.dataDir, 'owner.lock'))).toBe(false);
  });

  test('Ctrl-C while it is still coming up leaves nothing either', async () => {
    const world = await makeWorld();
    const one = start(world);
    await until(() => existsSync(path.join(world.dataDir, 'owner.lock')) && members(world).length > 0);
    const begun = members(world);
    one.child.kill('SIGINT');
    expect([0, 130]).toContain(await one.ended);
    expect(begun.filter(isRunning)).toEqual([]);
  });

  test('a second start on the same data is refused, naming the first by pid and address', async () => {
    const world = await makeWorld();
    const one = start(world);
    await one.ready;
    const two = start(world, { PORT: String(await freePort()) });
    expect(await two.ended).toBe(1);
    expect(two.output()).toContain(`pid ${one.child.pid}, ${world.url}`);
    expect(await healthy(world)).toBe(true);
  });

  test('of two starts at the same moment, one comes up and one is refused', async () => {
    const world = await makeWorld();
    const [one, two] = [start(world), start(world, { PORT: String(await freePort()) })];
    const refused = await Promise.race([one.ended, two.ended]);
    expect(refused).toBe(1);
    await Promise.any([one.ready, two.ready]);
    expect(`${one.output()}${two.output()}`).toContain('already runs on');
  });

  test('a port that is taken is said so with the process that has it, and PORT moves it', async () => {
    const world = await makeWorld();
    const squatter = createServer().listen(world.port, '127.0.0.1');
    try {
      const one = start(world);
      expect(await one.ended).toBe(1);
      expect(one.output()).toContain(`Port ${world.port} of 127.0.0.1 is taken`);
      if (process.platform === 'linux') expect(one.output()).toContain(`pid ${process.pid}`);
      const moved = start(world, { PORT: String(await freePort()) });
      await moved.ready;
    } finally {
      squatter.close();
    }
  });

  test('after kill -9 nothing outlives it for long, and the next start has the same data', async () => {
    const world = await makeWorld();
    const one = start(world);
    await one.ready;
    const begun = members(world);
    const signIn = /setup#\S+/.exec(one.output())?.[0];
    one.child.kill('SIGKILL');
    await one.ended;
    const two = start(world);
    await two.ready;
    expect(two.output()).toContain(String(signIn));
    expect(begun.filter(isRunning)).toEqual([]);
    const again = members(world);
    two.child.kill('SIGKILL');
    await until(() => !again.some(isRunning));
  });

  test('kill -9 of the launcher and its guard: the next start ends what is left and comes up', async () => {
    const world = await makeWorld();
    const one = start(world);
    await one.ready;
    const begun = members(world);
    const guard = spawnSync('pgrep', ['-P', String(one.child.pid), '-f', 'guard.mjs'], { encoding: 'utf8' }).stdout;
    process.kill(Number(guard.trim()), 'SIGKILL');
    one.child.kill('SIGKILL');
    await one.ended;
    expect(begun.every(isRunning)).toBe(true);
    const two = start(world);
    await two.ready;
    expect(two.output()).toContain('ending what it left running');
    expect(begun.filter(isRunning)).toEqual([]);
  });

  test('an app that dies is named with its last lines, and the rest is stopped', async () => {
    const world = await makeWorld();
    const one = start(world);
    await one.ready;
    const begun = members(world);
    await fetch(`${world.url}/crash`).catch(() => {});
    expect(await one.ended).toBe(1);
    expect(one.output()).toContain('The app ended with code 7');
    expect(one.output()).toContain('stub: asked to crash');
    expect(begun.filter(isRunning)).toEqual([]);
  });

  test('an app that cannot come up is an error with its reason', async () => {
    const world = await makeWorld();
    const one = start(world, { STUB_APP_CRASH: 'AETHERSTACK_KEK is a sample value.' });
    expect(await one.ended).toBe(1);
    expect(one.output()).toContain('AETHERSTACK_KEK is a sample value.');
  });

  test.each([
    [{ PORT: 'abc' }, 'PORT is "abc"'],
    [{ AETHERSTACK_MODE: 'demo' }, 'AETHERSTACK_MODE is "demo"'],
    [{ DATABASE_URL: 'mysql://x' }, 'DATABASE_URL must begin with postgres://'],
  ])('%o ends in a sentence', async (env, sentence) => {
    const one = start(await makeWorld(), env);
    expect(await one.ended).toBe(1);
    expect(one.output()).toContain(sentence);
    expect(one.output()).not.toContain('at ');
  });
});

const root = process.getuid?.() === 0;
const NOBODY = { uid: 65_534, gid: 65_534 };
// An ordinary user cannot read a checkout that lies in a closed folder.
const readable = root && spawnSync('test', ['-r', LAUNCHER], NOBODY).status === 0;

describe.runIf(root)('npm start as root', () => {
  test('keeps the database in the data folder, under another account, where that account can go', async () => {
    const world = await makeWorld();
    chmodSync(world.base, 0o755);
    const one = start(world);
    await one.ready;
    const home = path.join(world.dataDir, 'postgres');
    expect(statSync(path.join(home, 'cluster')).uid).not.toBe(0);
    expect(statSync(home).mode & 0o077).toBe(0);
  });

  test('in a folder that is closed to that account, keeps it elsewhere and says where', async () => {
    const world = await makeWorld();
    chmodSync(world.base, 0o700);
    const one = start(world);
    await one.ready;
    const { home } = JSON.parse(readFileSync(path.join(world.dataDir, 'postgres.json'), 'utf8'));
    expect(home.startsWith(world.base)).toBe(false);
    expect(one.output()).toContain(`the database is kept in ${home}`);
    expect(one.output()).toContain(`files in ${home}`);
  });
});

describe.runIf(readable)('npm start as an ordinary user', () => {
  test('keeps everything in the data folder, as that user', async () => {
    const world = await makeWorld();
    const checkout = path.join(world.base, 'checkout');
    cpSync('scripts', path.join(checkout, 'scripts'), { recursive: true });
    symlinkSync(path.resolve('node_modules'), path.join(checkout, 'node_modules'));
    spawnSync('chown', ['-R', 'nobody', world.base]);
    world.launcher = path.join(checkout, 'scripts', 'testing', 'launcher-stub.mjs');
    const one = start(world, { HOME: '/nonexistent' }, NOBODY);
    await one.ready;
    expect(statSync(path.join(world.dataDir, 'postgres', 'cluster')).uid).toBe(NOBODY.uid);
    one.child.kill('SIGINT');
    expect(await one.ended).toBe(0);
  });

  test('from a checkout or with a data folder of somebody else, says whose it must be', async () => {
    const world = await makeWorld();
    const one = start(world, { AETHERSTACK_DATA: '/var/lib/of-somebody-else' }, NOBODY);
    expect(await one.ended).toBe(1);
    expect(one.output()).toContain('/var/lib/of-somebody-else/sandbox cannot be written');
    chownSync(world.base, NOBODY.uid, NOBODY.gid);
    const two = start(world, {}, NOBODY);
    expect(await two.ended).toBe(1);
    expect(two.output()).toContain('belongs to another user');
  });
});
