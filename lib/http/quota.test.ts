import { expect, test } from 'vitest';
import { guardedFetch } from './guarded-fetch';
import { createHttpMemory } from './memory';
import { type Block, LONGEST_PAUSE_MS, readBlock } from './quota';

const NOW = Date.UTC(2026, 0, 1);
const block = (status: number, headers: Record<string, string>) => readBlock(status, new Headers(headers), '', NOW);

test.each([
  ['Retry-After in seconds', { 'retry-after': '999999999' }],
  ['Retry-After as a date', { 'retry-after': new Date(NOW + 400 * 86_400_000).toUTCString() }],
  [
    'the end of its window',
    { 'x-ratelimit-limit': '10', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '9999999999' },
  ],
])('no answer keeps a connection quiet for more than a day: %s', (_what, headers) => {
  expect(block(429, headers)?.until).toBe(NOW + LONGEST_PAUSE_MS);
});

test('a pause that is shorter is kept as it was asked for', () => {
  expect(block(429, { 'retry-after': '90' })?.until).toBe(NOW + 90_000);
});

test('what has another limit at the provider goes on, whatever one of them asks to wait', async () => {
  const ORIGIN = 'https://api.vendor.example';
  const blocks: Block[] = [];
  let sent = 0;
  const fetch = guardedFetch({
    ...{ connectionId: 'conn_a', origin: ORIGIN, memory: createHttpMemory(), now: () => NOW },
    quota: { read: () => null, resourceOf: ({ pathname }) => (pathname === '/measured' ? 'measured' : 'core') },
    ledger: {
      hold: async () => null,
      count: () => undefined,
      saw: () => undefined,
      paused: async (said) => void blocks.push(said),
    },
    fetch: async () => {
      sent += 1;
      return Response.json({}, { status: 429, headers: { 'retry-after': '60' } });
    },
  });
  const measured = () => fetch(`${ORIGIN}/measured`);
  await measured();
  await expect(measured()).rejects.toMatchObject({ kind: 'rateLimited' });
  await fetch(`${ORIGIN}/deployments`);
  await expect(fetch(`${ORIGIN}/deployments`)).rejects.toMatchObject({ kind: 'rateLimited' });
  expect(sent).toBe(2);
  expect(blocks.map(({ resource }) => resource)).toEqual(['measured', '*']);
});
