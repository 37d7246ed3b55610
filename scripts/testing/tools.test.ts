import { afterEach, expect, test, vi } from 'vitest';
import { ensureTool } from './tools.mjs';

afterEach(() => vi.restoreAllMocks());

test('a program that is there is named by its path', async () => {
  expect(await ensureTool('sh')).toMatch(/\/sh$/);
});

test('what cannot be brought fails with what to do, instead of being left out', async () => {
  vi.spyOn(process, 'getuid').mockReturnValue(1_000);
  await expect(ensureTool('no-such-program', 'some-package')).rejects.toThrow(
    'The tests need “no-such-program” (this is not Debian, or not root). Install it, for example with: apt-get install some-package',
  );
});
