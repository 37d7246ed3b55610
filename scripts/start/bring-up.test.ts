import { afterEach, expect, test, vi } from 'vitest';
import { appEnvironment } from './bring-up.mjs';

afterEach(() => void vi.unstubAllEnvs());

const options = {
  ...{ mode: 'live', dev: false, port: 3000, host: '127.0.0.1', localUrl: 'http://127.0.0.1:3000' },
  ...{ url: 'https://deploy.example', dataDir: '/data', distDir: '.next', scenario: 'demo', root: '/srv' },
} as const;
const environment = () =>
  appEnvironment(options, { keys: {}, actionsKey: 'key' }, 'postgres://127.0.0.1/aetherstack', undefined);

test('connections stay open for longer than a load balancer keeps them, or for as long as it is told', () => {
  vi.stubEnv('KEEP_ALIVE_TIMEOUT', '');
  expect(environment()).toMatchObject({ KEEP_ALIVE_TIMEOUT: '65000' });
  vi.stubEnv('KEEP_ALIVE_TIMEOUT', '120000');
  expect(environment()).toMatchObject({ KEEP_ALIVE_TIMEOUT: '120000' });
});
