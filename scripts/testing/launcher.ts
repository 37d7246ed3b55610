// Drives the launcher around its stand-in app: its real Postgres, its real locks, real signals.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'vitest';
import { freePort } from '../bootstrap/ports.mjs';
import type { ProcessIdentity } from '../bootstrap/process-identity.mjs';

export interface Start {
  child: ChildProcess;
  output(): string;
  /** Resolves once the block with the address is printed. */
  ready: Promise<void>;
  ended: Promise<number | null>;
}

export interface World {
  base: string;
  dataDir: string;
  port: number;
  url: string;
  launcher: string;
}

export const LAUNCHER = path.resolve('scripts/testing/launcher-stub.mjs');
const worlds: World[] = [];
const starts: Start[] = [];

export async function makeWorld(parent = os.tmpdir()): Promise<World> {
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

export function start(world: World, env: Record<string, string> = {}, as: { uid?: number; gid?: number } = {}): Start {
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

export function members(world: World): (ProcessIdentity & { name: string })[] {
  return JSON.parse(readFileSync(path.join(world.dataDir, 'owner.lock'), 'utf8')).members;
}

export async function until(condition: () => boolean): Promise<void> {
  await expect.poll(condition, { timeout: 60_000, interval: 50 }).toBe(true);
}

export async function healthy(world: World): Promise<boolean> {
  const response = await fetch(`${world.url}/api/health`);
  return (await response.json()).ready;
}

/** Ends every start of a test and removes its folders. */
export async function endWorlds(): Promise<void> {
  for (const { child, ended } of starts.splice(0)) {
    child.kill('SIGINT');
    await ended;
  }
  for (const { base, dataDir } of worlds.splice(0)) {
    const memory = path.join(dataDir, 'postgres.json');
    if (existsSync(memory)) rmSync(JSON.parse(readFileSync(memory, 'utf8')).home, { recursive: true, force: true });
    rmSync(base, { recursive: true, force: true });
  }
}
