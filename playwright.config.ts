import { existsSync } from 'node:fs';
import { defineConfig, devices } from '@playwright/test';

const globalSetup = ['./e2e/global-setup.ts'].find((file) => existsSync(file));

// `npm test -- --only e2e` starts the product and sets these; without it, point E2E_BASE_URL at a running console.
export default defineConfig({
  testDir: 'e2e',
  outputDir: `${process.env.E2E_RESULTS ?? 'test-results'}/e2e`,
  ...(globalSetup && { globalSetup }),
  // One console and one simulated provider, whose mood the tests change: one at a time. `npm test` starts two consoles.
  workers: 1,
  fullyParallel: false,
  forbidOnly: Boolean(process.env.CI),
  timeout: 60_000,
  // Two cores draw, serve and simulate at once; a wait that passes costs nothing.
  expect: { timeout: 20_000 },
  reporter: [['list'], ['json', { outputFile: process.env.PLAYWRIGHT_JSON_OUTPUT_NAME ?? 'test-results/e2e.json' }]],
  use: {
    actionTimeout: 15_000,
    ...devices['Desktop Chrome'],
    baseURL: process.env.E2E_BASE_URL ?? 'http://127.0.0.1:3000',
    screenshot: 'only-on-failure',
    // Without its film, which is drawn all the time.
    trace: { mode: 'retain-on-failure', screenshots: false },
    launchOptions: {
      executablePath: process.env.CHROMIUM_PATH,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
