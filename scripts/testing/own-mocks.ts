import { readFileSync } from 'node:fs';
import { expect, vi } from 'vitest';

/*
 * Test files share a process, and with it the modules that were read: one that was read while a file mocked what it
 * imports would stay so for the next file, and one that was read before would not see the mock.
 */
const here = globalThis as { modulesMocked?: boolean };
const { testPath } = expect.getState();
const mocks = testPath !== undefined && /\bvi\.(mock|doMock)\(/.test(readFileSync(testPath, 'utf8'));
if (mocks || here.modulesMocked) vi.resetModules();
here.modulesMocked = mocks;
