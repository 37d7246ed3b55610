import { describe, expect, it } from 'vitest';
import { ProviderError } from '@/lib/providers/port';
import { guardedFetch } from './guarded-fetch';
import { createHttpMemory } from './memory';
import { READING_HEADER } from './quota';

const ORIGIN = 'https://api.vendor.example';

/** Whether a POST that fails so leaves it unclear what became of it. */
async function isUnclear(error: Error, headers: Record<string, string>): Promise<unknown> {
  const fetch = guardedFetch({
    ...{ connectionId: 'con_1', origin: ORIGIN, memory: createHttpMemory() },
    fetch: async () => Promise.reject(error),
  });
  const failed = await fetch(`${ORIGIN}/query`, { method: 'POST', body: '{}', headers }).catch((e: unknown) => e);
  return failed instanceof ProviderError ? failed.ambiguous : failed;
}

describe('a POST that only asks', () => {
  it.each([
    ['a cut connection', Object.assign(new Error('reset'), { code: 'ECONNRESET' })],
    ['what a transport calls unclear', new ProviderError('unavailable', 'network', 'Cut.', { ambiguous: true })],
  ])('leaves nothing unclear after %s, as any other POST does', async (_name, error) => {
    expect(await isUnclear(error, { [READING_HEADER]: '1' })).toBe(false);
    expect(await isUnclear(error, {})).toBe(true);
  });
});
