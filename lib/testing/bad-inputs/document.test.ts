import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { badInputsDocument, ROWS } from './document';

const FILE = 'docs/bad-inputs.md';

test('the document says what the tables hold; AETHERSTACK_WRITE_DOCS=1 writes it anew', () => {
  if (process.env.AETHERSTACK_WRITE_DOCS === '1') writeFileSync(FILE, badInputsDocument());
  expect(readFileSync(FILE, 'utf8')).toBe(badInputsDocument());
});

test('every row names tests that exist', () => {
  const named = ROWS.flatMap(({ where }) => where);
  expect(named.filter((file) => !existsSync(file))).toEqual([]);
  expect(new Set(ROWS.map(({ id }) => id)).size).toBe(ROWS.length);
});
