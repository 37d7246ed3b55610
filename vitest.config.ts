import { availableParallelism } from 'node:os';
import path from 'node:path';
import { configDefaults, defineConfig } from 'vitest/config';

const ALL = ['lib/**/*.test.ts', 'components/**/*.test.{ts,tsx}', 'app/**/*.test.{ts,tsx}', 'scripts/**/*.test.ts'];
/** They need a process in which nobody has read the environment before them. */
const APART = ['lib/testing/bad-inputs/nine-places.test.ts'];

export default defineConfig({
  resolve: {
    alias: {
      '@': path.resolve('.'),
      // The real package throws outside a React server bundle; tests run the same server code in plain Node.
      'server-only': path.resolve('scripts/testing/empty.ts'),
    },
  },
  test: {
    globalSetup: ['scripts/testing/postgres.ts'],
    setupFiles: [
      'scripts/testing/one-query-at-a-time.ts',
      'scripts/testing/own-secrets.ts',
      'scripts/testing/own-mocks.ts',
    ],
    // It imports JSON in a way that Node refuses and a bundler takes.
    server: { deps: { inline: ['@actions/workflow-parser'] } },
    // A test waits for Postgres a fifth of its time: one more than there are cores keeps them busy.
    maxWorkers: availableParallelism() + 1,
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // A process for each file spent a third of its time on starting and on importing the same modules again.
    projects: [
      {
        extends: true,
        test: { name: 'together', isolate: false, include: ALL, exclude: [...configDefaults.exclude, ...APART] },
      },
      { extends: true, test: { name: 'apart', include: APART } },
    ],
  },
});
