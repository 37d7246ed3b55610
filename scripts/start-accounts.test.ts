import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { endWorlds, LAUNCHER, makeWorld, start } from './testing/launcher';

// Each of these starts a real database; a busy machine takes its time.
vi.setConfig({ testTimeout: 90_000 });
afterEach(endWorlds);

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
