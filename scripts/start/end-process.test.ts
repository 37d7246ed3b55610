import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { identify } from '../bootstrap/process-identity.mjs';
import { endAll } from './end-process.mjs';

const WAITS = 'process.stdout.write("up"); setInterval(() => {}, 1_000)';

test('a process that stands still is ended as well, also one that leads no group of its own', async () => {
  const child = spawn(process.execPath, ['-e', WAITS], { stdio: ['ignore', 'pipe', 'ignore'] });
  const gone = once(child, 'exit');
  await once(child.stdout, 'data');
  child.kill('SIGSTOP');
  const member = identify(child.pid ?? 0) ?? expect.fail('It has ended.');
  await endAll([{ name: 'worker', ...member }]);
  expect((await gone)[1]).toBe('SIGKILL');
}, 20_000);
