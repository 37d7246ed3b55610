import { expect, test } from 'vitest';
import { redactText } from '@/lib/kernel/redact';
import { newOneTimeToken } from './one-time-token';

test('no token is ever drawn that a log would not know for a secret', () => {
  const tokens = Array.from({ length: 10_000 }, newOneTimeToken);
  expect(new Set(tokens).size).toBe(10_000);
  expect(tokens.filter((token) => redactText(`said ${token}.`) !== 'said [redacted].')).toEqual([]);
});
