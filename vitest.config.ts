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
    // It imports JSON in a way that Node refuses and a bundler takes.
    server: { deps: { inline: ['@actions/workflow-parser'] } },
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});
