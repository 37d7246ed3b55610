import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { freePort } from './bootstrap/ports.mjs';
import { isRunning } from './bootstrap/process-identity.mjs';
import { endWorlds, healthy, makeWorld, members, start, until, type World } from './testing/launcher';
import { type PreparedCluster, prepareCluster } from './testing/prepared-cluster';

// Each of these starts a real database; a busy machine takes its time.
vi.setConfig({ testTimeout: 90_000 });
let cluster: PreparedCluster;
beforeAll(async () => {
  cluster = await prepareCluster();
});
afterEach(endWorlds);
afterAll(() => cluster.remove());

/** One that was started before, so that Postgres comes up with what it has. */
async function knownWorld(): Promise<World> {
  const world = await makeWorld();
  cluster.plantIn(world.dataDir);
  return world;
}

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
    const world = await knownWorld();
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
    const world = await knownWorld();
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
    const world = await knownWorld();
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
    const world = await knownWorld();
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
    const world = await knownWorld();
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
    const world = await knownWorld();
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
    const world = await knownWorld();
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
