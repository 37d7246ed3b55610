import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { BUDGET, scanBundle } from './scan-bundle.mjs';

let dist = '';

function plant(file: string, content: string | Buffer): void {
  mkdirSync(path.join(dist, path.dirname(file)), { recursive: true });
  writeFileSync(path.join(dist, file), content);
}

function problems(): string[] {
  return scanBundle(dist).flatMap((check) => check.problems);
}

beforeEach(() => {
  dist = path.join(mkdtempSync(path.join(os.tmpdir(), 'aetherstack-bundle-')), '.next-full');
  const chunks = ['.next-full/static/chunks/a.js', '.next-full/static/chunks/b.js'];
  plant('diagnostics/route-bundle-stats.json', JSON.stringify([{ route: '/now', firstLoadChunkPaths: chunks }]));
  plant('static/chunks/a.js', 'console.log("a")');
  plant('static/chunks/b.js', 'console.log("b")');
});

afterEach(() => rmSync(path.dirname(dist), { recursive: true, force: true }));

test('a clean bundle within its budget passes, one check a route', () => {
  expect(problems()).toEqual([]);
  expect(scanBundle(dist)).toHaveLength(2);
});

test.each([
  ['process.env.AETHERSTACK_KEK', 'the name of a secret'],
  ['require("node:crypto")', 'a module of Node'],
  ['Symbol.for("drizzle:entityKind")', 'the database layer'],
  ['throw Error("SASL: SCRAM-SERVER-FINAL-MESSAGE")', 'the database client'],
  ['Error("This module cannot be imported from a Client Component module.")', 'a module marked server-only'],
])('server code in a browser chunk: %s', (code, what) => {
  plant('static/chunks/deep/c.js', `let x=1;${code};`);
  expect(problems()).toEqual([expect.stringContaining(`c.js holds ${what}`)]);
});

test('a route over its budget, measured compressed', () => {
  plant('static/chunks/a.js', 'x'.repeat(BUDGET * 2));
  expect(problems()).toEqual([]);
  plant('static/chunks/a.js', randomBytes(BUDGET));
  expect(problems()).toEqual([
    expect.stringMatching(/^\/now loads 190\.\d KB of JavaScript first, at most 190\.2 KB$/),
  ]);
});

test('a build that is not there is not a clean one', () => {
  rmSync(path.join(dist, 'diagnostics'), { recursive: true });
  expect(problems()).toEqual([expect.stringContaining('is missing')]);
  rmSync(path.join(dist, 'static'), { recursive: true });
  expect(problems()).toEqual([expect.stringContaining('build the app first')]);
});
