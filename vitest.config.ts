import { availableParallelism } from 'node:os';
import path from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: {
    alias: {
      '@': path.resolve('.'),
      // The real package throws outside a React server bundle; tests run the same server code in plain Node.
      'server-only': path.resolve('scripts/testing/empty.ts'),
    },
  },
  test: {
    include: ['lib/**/*.test.ts', 'components/**/*.test.{ts,tsx}', 'app/**/*.test.ts', 'scripts/**/*.test.ts'],
    globalSetup: ['scripts/testing/postgres.ts'],
    setupFiles: ['scripts/testing/one-query-at-a-time.ts'],
    // It imports JSON in a way that Node refuses and a bundler takes.
    server: { deps: { inline: ['@actions/workflow-parser'] } },
    // The default leaves one of two cores idle, although a test mostly waits for Postgres.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});
