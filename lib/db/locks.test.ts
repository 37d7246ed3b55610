import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { LOCK_PREFIXES, LOCKS } from './locks';

const ROOT = path.resolve(import.meta.dirname, '../..');
const numbers: number[] = Object.values(LOCKS);

function filesUnder(folder: string, ending: RegExp): string[] {
  return readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => ending.test(name))
    .map((name) => path.join(ROOT, folder, name));
}

test('no two uses share an advisory lock, nor the beginning of a hashed one', () => {
  expect(new Set(numbers).size).toBe(numbers.length);
  const prefixes: string[] = Object.values(LOCK_PREFIXES);
  expect(new Set(prefixes).size).toBe(prefixes.length);
});

test('every lock in the SQL of the migrations is one of the register', () => {
  const taken = filesUnder('lib/db/migrations', /\.sql$/).flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/advisory\w*lock\w*\s*\(\s*([^)]+)\)/g)].map((match) => match[1] ?? ''),
  );
  expect(taken.length).toBeGreaterThan(0);
  for (const argument of taken) expect(numbers).toContain(Number(argument));
});

test('whoever takes an advisory lock takes its number from the register', () => {
  const users = [...filesUnder('lib', /\.tsx?$/), ...filesUnder('scripts', /\.(ts|mjs)$/)]
    .filter((file) => !file.endsWith('.test.ts'))
    .map((file) => ({ file, text: readFileSync(file, 'utf8') }))
    .filter(({ text }) => /pg_(?:try_)?advisory\w*\(/.test(text));
  expect(users.length).toBeGreaterThan(3);
  const strangers = users.filter(({ text }) => !/from '[^']*\/locks'/.test(text) || /7_?420_?1\d\d/.test(text));
  expect(strangers.map(({ file }) => path.relative(ROOT, file))).toEqual([]);
});
