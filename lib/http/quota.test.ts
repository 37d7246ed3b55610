import { expect, test } from 'vitest';
import { LONGEST_PAUSE_MS, readBlock } from './quota';

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
