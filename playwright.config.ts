import { existsSync } from 'node:fs';
import { defineConfig, devices } from '@playwright/test';
import { CONSOLES, OWN } from './e2e/consoles';

const globalSetup = ['./e2e/global-setup.ts'].find((file) => existsSync(file));

// `npm test -- --only e2e` starts the product; without it, point E2E_BASE_URL at a running console.
export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results/e2e',
  ...(globalSetup && { globalSetup }),
  // A console and its simulated provider, whose mood the tests change, serve one test at a time: a worker for each console.
  workers: CONSOLES.length,
  fullyParallel: false,
  forbidOnly: Boolean(process.env.CI),
  // Who needs it is named at the end of `npm test`; more than two of a run have failed (scripts/testing/reports.mjs).
  retries: 1,
  // Several times what the longest takes on two cores, unless it says that it is slow.
  timeout: 120_000,
  // Two cores draw, serve and simulate at once; a wait that passes costs nothing.
  expect: { timeout: 20_000 },
  reporter: [['list'], ['json', { outputFile: process.env.PLAYWRIGHT_JSON_OUTPUT_NAME ?? 'test-results/e2e.json' }]],
  use: {
    actionTimeout: 15_000,
    ...devices['Desktop Chrome'],
    baseURL: OWN.url,
    screenshot: 'only-on-failure',
    // A mark that turns is drawn sixty times a second for as long as a test waits for it to stop.
    contextOptions: { reducedMotion: 'reduce' },
    // Without its film and its copies of the page, which cost every test as much as drawing it: what a failure looked like
    // is in its picture and its error-context.md. For all of it: E2E_TRACE=1.
    trace: { mode: 'retain-on-failure', screenshots: false, snapshots: Boolean(process.env.E2E_TRACE) },
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
