import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isRunning } from '../bootstrap/process-identity.mjs';
import { runNextBuild } from './build.mjs';

let root: string;
beforeAll(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'next-build-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Stands for `next build`: says that it runs, writes its wishes into tsconfig.json, and takes its time when told so. */
const COMPILER = `
const { appendFileSync, writeFileSync } = require('node:fs');
appendFileSync('log', 'start ' + process.argv[2] + '\\n');
writeFileSync('tsconfig.json', 'of ' + process.argv[2]);
setTimeout(() => appendFileSync('log', 'end ' + process.argv[2] + '\\n'), Number(process.argv[3]));
`;

test('a build whose start was killed is ended before the next one begins, and the checkout is as it was', async () => {
  const log = path.join(root, 'log');
  const tsconfig = path.join(root, 'tsconfig.json');
  writeFileSync(path.join(root, 'compiler.cjs'), COMPILER);
  writeFileSync(tsconfig, 'as it was');
  const module = JSON.stringify(path.resolve('scripts/start/build.mjs'));
  const source = `import(${module}).then(({ runNextBuild }) => runNextBuild(${JSON.stringify(root)}, ['compiler.cjs', 'one', '60000'], { env: process.env }))`;
  const killed = spawn(process.execPath, ['--eval', source], { stdio: 'ignore' });
  await expect.poll(() => existsSync(tsconfig) && readFileSync(tsconfig, 'utf8'), { timeout: 20_000 }).toBe('of one');
  killed.kill('SIGKILL');
  await new Promise((done) => killed.once('exit', done));
  const lock = JSON.parse(readFileSync(path.join(root, '.cache', 'next-build.lock'), 'utf8'));
  await runNextBuild(root, ['compiler.cjs', 'two', '0'], { env: process.env });
  expect(readFileSync(log, 'utf8').trim().split('\n')).toEqual(['start one', 'start two', 'end two']);
  expect(readFileSync(tsconfig, 'utf8')).toBe('as it was');
  expect(isRunning(lock.child), 'it is gone').toBe(false);
}, 40_000);
