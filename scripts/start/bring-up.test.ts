import { spawnSync } from 'node:child_process';
import { afterEach, expect, test, vi } from 'vitest';
import { appEnvironment } from './bring-up.mjs';

afterEach(() => void vi.unstubAllEnvs());

const options = {
  ...{ mode: 'live', dev: false, port: 3000, host: '127.0.0.1', localUrl: 'http://127.0.0.1:3000' },
  ...{ url: 'https://deploy.example', dataDir: '/data', distDir: '.next', scenario: 'demo', root: '/srv' },
} as const;
const environment = () =>
  appEnvironment(options, { keys: {}, actionsKey: 'key' }, 'postgres://127.0.0.1/aetherstack', undefined);

const ALLOCATES = `let kept = [];
for (let n = 0; n < 4e6; n += 1) { kept.push({ n }); if (kept.length > 6e5) kept = []; }
require('node:v8').getHeapSpaceStatistics().find((space) => space.space_name === 'new_space').space_size / 2 ** 20`;

/** How large a process with these settings lets the space for new objects grow. MB. */
function youngMb(env: NodeJS.ProcessEnv): number {
  return Number(spawnSync(process.execPath, ['--print', ALLOCATES], { env, encoding: 'utf8' }).stdout);
}

test('connections stay open for longer than a load balancer keeps them, or for as long as it is told', () => {
  vi.stubEnv('KEEP_ALIVE_TIMEOUT', '');
  expect(environment()).toMatchObject({ KEEP_ALIVE_TIMEOUT: '65000' });
  vi.stubEnv('KEEP_ALIVE_TIMEOUT', '120000');
  expect(environment()).toMatchObject({ KEEP_ALIVE_TIMEOUT: '120000' });
});

test('what is short-lived is collected early, unless the caller says otherwise', () => {
  vi.stubEnv('NODE_OPTIONS', '');
  expect(youngMb(environment())).toBeLessThanOrEqual(24);
  vi.stubEnv('NODE_OPTIONS', '--max-semi-space-size=32');
  expect(youngMb(environment())).toBeGreaterThan(24);
});
