import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onlyOne } from './lease.mjs';
import { buildOf, serverBuild, tarOf } from './testing/builds';
import { type AgentWorld, agentWorld } from './testing/world';

const shaOf = (letter: string) => letter.repeat(40);
/** Leaves a child that outlives it, and ends when it is told to. */
const PARENT = `
const { spawn } = require('node:child_process');
spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)'], { detached: true, stdio: 'ignore' }).unref();
require('node:http').createServer((request, response) => {
  response.end('parent');
  if (request.url === '/end') setTimeout(() => process.exit(1), 10);
}).listen(Number(process.env.PORT), process.env.HOSTNAME);
`;
let world: AgentWorld;
const live = async () => (await world.ask('GET', '/v1/apps/web/live')).body;

const other = http.createServer((_, response) => response.end('somebody else'));

beforeAll(async () => {
  world = await agentWorld();
  const port = Number(new URL(world.site).port);
  await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', () => resolve()));
  await world.start();
  await world.upload(serverBuild('one'), shaOf('a'));
  await world.upload(buildOf(tarOf([{ name: 'server.js', text: PARENT }])), shaOf('b'));
});
afterAll(() => world.close());

describe('a port that another program has', () => {
  it('is not where visitors get this app: nothing goes live, and it says why', async () => {
    const port = Number(new URL(world.site).port);
    const refused = await world.until((await world.deploy('aether-taken-1', shaOf('a'))).id);
    expect(refused).toMatchObject({
      phase: 'failed',
      failure: { step: 'checking', sentence: expect.stringContaining(`127.0.0.1:${port} is not the front`) },
    });
    expect(await live()).toMatchObject({ front: 'down', live: null });
    other.closeAllConnections();
    await new Promise<void>((resolve) => other.close(() => resolve()));
    // The next deployment does not wait for the slower and slower tries.
    expect(await world.until((await world.deploy('aether-taken-2', shaOf('a'))).id)).toMatchObject({ phase: 'live' });
    expect(await live()).toMatchObject({ front: 'up', live: { running: true } });
  });
});

describe('a release that ended and left a child', () => {
  it('does not run, and is started again', async () => {
    expect(await world.until((await world.deploy('aether-child-1', shaOf('b'))).id)).toMatchObject({ phase: 'live' });
    const before = readFileSync(path.join(world.root, 'data/apps/web/run', `${world.current()}.json`), 'utf8');
    await fetch(`${world.site}/end`).then((answer) => answer.text());
    const file = path.join(world.root, 'data/apps/web/run', `${world.current()}.json`);
    await expect.poll(() => readFileSync(file, 'utf8'), { timeout: 8_000 }).not.toBe(before);
    await expect.poll(async () => (await fetch(world.site)).text(), { timeout: 5_000 }).toBe('parent');
  });
});

describe('one agent a folder', () => {
  const root = mkdtempSync(path.join(os.tmpdir(), 'aetherstack-lease-'));
  const [real, link] = [path.join(root, 'real'), path.join(root, 'link')];
  const lease = path.join(real, 'agent.lease');
  beforeAll(() => {
    mkdirSync(real);
    symlinkSync(real, link);
  });
  afterAll(() => rmSync(root, { recursive: true }));

  it('also by another path to it; and a killed one leaves nothing in the way', async () => {
    const first = await onlyOne(real);
    await expect(onlyOne(link)).rejects.toThrow('Another agent works in');
    first.close();
    expect(existsSync(lease)).toBe(false);
    const here = JSON.parse(JSON.stringify({ id: 'x' }));
    writeFileSync(lease, JSON.stringify(here));
    const second = await onlyOne(link, { watchMs: 500 });
    second.close();
  });

  it('also from where its socket is not seen, as long as it renews its lease', async () => {
    const beat = `const fs = require('node:fs'); const f = ${JSON.stringify(lease)};
      fs.writeFileSync(f, '{"id":"other","net":"net:[1]","boot":"elsewhere","machine":""}');
      setInterval(() => fs.utimesSync(f, new Date(), new Date()), 100); console.log('on')`;
    const other = spawn(process.execPath, ['-e', beat], { stdio: ['ignore', 'pipe', 'ignore'] });
    await new Promise((resolve) => other.stdout.once('data', resolve));
    await expect(onlyOne(real, { watchMs: 2_000 })).rejects.toThrow('Another agent works in');
    const ended = new Promise((resolve) => other.once('exit', resolve));
    other.kill('SIGKILL');
    await ended;
    let lost = 0;
    const mine = await onlyOne(real, { watchMs: 500, onLost: () => void lost++ });
    writeFileSync(lease, JSON.stringify({ id: 'somebody' }));
    await expect.poll(() => lost, { timeout: 4_000 }).toBeGreaterThan(0);
    mine.close();
    expect(readdirSync(real), 'what is another’s stays').toEqual(['agent.lease']);
  });
});
