import { mergeConfig } from 'vitest/config';
import shared from '../../vitest.config';

const config = mergeConfig(shared, { test: { testTimeout: 120_000, hookTimeout: 120_000 } });
// Its own files alone: the projects name the unit tests.
const { projects: _, ...rest } = config.test;
config.test = { ...rest, include: ['scripts/clients/*.clients.ts'] };

// biome-ignore lint/style/noDefaultExport: Vitest wants one.
export default config;
