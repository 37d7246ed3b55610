import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { scenarios } from './scenarios';
import { openWorld } from './world';

let folder: string;
const children: ChildProcess[] = [];
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sandbox-'));
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

async function serve(): Promise<{ child: ChildProcess; url: string }> {
  const args = [
    '--import',
    'tsx',
    'lib/sandbox/server.ts',
    '--port',
    '0',
    '--data',
    folder,
    '--pace',
    '0.05',
    '--seed',
    '3',
  ];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const [line] = (await once(child.stdout ?? child, 'data')) as [Buffer];
  return { child, url: `http://127.0.0.1:${line.toString().replace('listening ', '').trim()}` };
}

test('after kill -9 the same runs are there, and a torn last line is forgotten', async () => {
  const first = await serve();
  const dispatch = (url: string, marker: string) =>
    fetch(`${url}/api.github.com/repos/aetherstack/aetherstack/actions/workflows/docs-deploy.yml/dispatches`, {
      method: 'POST',
      headers: { authorization: 'Bearer sandbox-token' },
      body: JSON.stringify({ ref: 'main', inputs: { aetherstack: marker } }),
    });
  const state = async (url: string) => (await (await fetch(`${url}/__sandbox/state`)).json()).runs;
  const statuses = await Promise.all(
    Array.from({ length: 20 }, (_, i) => dispatch(first.url, `m-${i}`).then((answer) => answer.status)),
  );
  expect(new Set(statuses)).toEqual(new Set([204]));
  const facts = (runs: Record<string, unknown>[]) =>
    runs.map(({ id, marker, sha, createdAt }) => ({ id, marker, sha, createdAt }));
  const before = facts(await state(first.url));
  first.child.kill('SIGKILL');
  await once(first.child, 'exit');
  await appendFile(path.join(folder, 'journal.jsonl'), '{"at":1,"kind":"run.cre');
  const second = await serve();
  expect(facts(await state(second.url))).toEqual(before);
  expect((await dispatch(second.url, 'after')).status).toBe(204);
  second.child.kill('SIGTERM');
  expect(await once(second.child, 'exit')).toEqual([0, null]);
  const third = await serve();
  expect(await state(third.url)).toHaveLength(21);
}, 60_000);

test('the server ends with the process that started it', async () => {
  const script = `const { spawn } = require('node:child_process');
    spawn(process.execPath, ['--import', 'tsx', 'lib/sandbox/server.ts', '--port', '0', '--memory'], { stdio: ['ignore', 'inherit', 'inherit'] });`;
  const parent = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(parent);
  const [line] = (await once(parent.stdout ?? parent, 'data')) as [Buffer];
  const url = `http://127.0.0.1:${line.toString().replace('listening ', '').trim()}/__sandbox/state`;
  expect((await fetch(url)).status).toBe(200);
  parent.kill('SIGKILL');
  const answers = () =>
    fetch(url).then(
      () => true,
      () => false,
    );
  await expect.poll(answers, { timeout: 10_000 }).toBe(false);
}, 60_000);

test('time and scenario survive a restart', async () => {
  const file = path.join(folder, 'j.jsonl');
  const options = { file, seed: 1, scenario: scenarios.happy, clock: () => 1_000 };
  const world = await openWorld(options);
  await world.advance(5_000);
  await world.setScenario(scenarios.down);
  await world.close();
  const again = await openWorld(options);
  expect([again.now(), again.scenario().name, again.facts().length]).toEqual([6_000, 'down', 3]);
  await again.close();
});

test('a fact is on disk before its recorder goes on, and facts keep their order', async () => {
  const file = path.join(folder, 'j.jsonl');
  const world = await openWorld({ file, seed: 1, scenario: scenarios.happy });
  await Promise.all(
    Array.from({ length: 100 }, async (_, i) => {
      await world.record({ at: i, kind: 'test', data: { i } });
      expect(await readFile(file, 'utf8')).toContain(`"data":{"i":${i}}`);
    }),
  );
  expect(
    world
      .facts()
      .filter((fact) => fact.kind === 'test')
      .map((fact) => fact.at),
  ).toEqual(Array.from({ length: 100 }, (_, i) => i));
  await world.close();
});

test('a journal that is damaged in the middle is not read', async () => {
  const file = path.join(folder, 'j.jsonl');
  await writeFile(file, '{"at":1,"kind":"sandbox.start","data":{"seed":1}}\nnonsense\n{"at":2,"kind":"x","data":{}}\n');
  await expect(openWorld({ file, seed: 1, scenario: scenarios.happy })).rejects.toThrow('damaged at line 2');
});
