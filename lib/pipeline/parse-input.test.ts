import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ServiceError } from '@/lib/kernel/errors';
import { parseInput } from './parse-input';

const schema = z.strictObject({ name: z.string(), more: z.unknown() });

function refusal(raw: unknown): ServiceError {
  try {
    parseInput(schema, raw);
  } catch (error) {
    if (error instanceof ServiceError) return error;
    throw error;
  }
  return expect.fail('it should have been refused');
}

const cyclic: Record<string, unknown> = { name: 'a' };
cyclic.more = cyclic;
const deep = JSON.parse(`${'{"a":'.repeat(100)}1${'}'.repeat(100)}`);

describe('an input, before its own schema', () => {
  test('ordinary values pass untouched', () => {
    expect(parseInput(schema, { name: 'ä 🚀', more: [1, null, { a: true }] })).toEqual({
      name: 'ä 🚀',
      more: [1, null, { a: true }],
    });
  });

  test.each<[string, unknown, string]>([
    ['a NUL', { name: 'a\u0000', more: 1 }, 'name'],
    ['half of a pair, deep inside', { name: 'a', more: [{ b: '\ud800' }] }, 'more.0.b'],
    ['a NUL in a key', { name: 'a', more: { 'x\u0000': 1 } }, 'more'],
    ['brackets 100 deep', { name: 'a', more: deep }, 'more'],
    ['a million parts', { name: 'a', more: Array(1_000_000).fill(1) }, 'more'],
  ])('%s is refused, with the field named', (_what, raw, field) => {
    const { code, httpStatus, fields } = refusal(raw);
    expect([code, httpStatus]).toEqual(['invalid_input', 400]);
    expect(Object.keys(fields ?? {})[0]).toContain(field);
  });

  test('a value that holds itself ends', () => {
    expect(parseInput(schema, cyclic)).toMatchObject({ name: 'a' });
  });
});
