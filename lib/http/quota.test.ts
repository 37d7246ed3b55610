import { expect, test } from 'vitest';
import { guardedFetch } from './guarded-fetch';
import { createHttpMemory } from './memory';
import { type Block, LONGEST_PAUSE_MS, readBlock, readRetryAfterMs, UNSAID_PAUSE_MS } from './quota';

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

test.each([429, 403, 503])('Retry-After of a %i is heeded, in seconds or as a date', (status) => {
  const after = (value: string) => block(status, { 'retry-after': value })?.until;
  expect(after('120')).toBe(NOW + 120_000);
  expect(after(' 0 ')).toBe(NOW);
  expect(after(new Date(NOW + 7_000).toUTCString())).toBe(NOW + 7_000);
  expect(after('3600')).toBe(NOW + 3_600_000);
  expect(after('9'.repeat(13))).toBe(NOW + LONGEST_PAUSE_MS);
  expect(after('9'.repeat(400))).toBe(NOW + LONGEST_PAUSE_MS);
});

test.each([
  '1.5',
  '5.0',
  '-1',
  '1e3',
  'soon',
  '2026-01-02',
  'Thu, 99 Jan 2026 00:00:07 GMT',
  'Thu Jan  1 00:00:07 2026',
  '',
])('Retry-After: %s is none: a 429 waits as one that says nothing, others not at all', (value) => {
  expect(readRetryAfterMs(new Headers({ 'retry-after': value }), NOW)).toBeNull();
  expect(block(429, { 'retry-after': value })?.until).toBe(NOW + UNSAID_PAUSE_MS);
  expect([block(403, { 'retry-after': value }), block(503, { 'retry-after': value })]).toEqual([null, null]);
});

test('trouble that does not say for how long is no pause, and neither is Retry-After of what went well', () => {
  expect([block(503, {}), block(500, { 'retry-after': '9' }), block(200, { 'retry-after': '9' })]).toEqual([
    null,
    null,
    null,
  ]);
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
