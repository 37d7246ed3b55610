import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { scanRecord } from './scan-record.mjs';

let dist = '';
beforeEach(() => {
  dist = mkdtempSync(path.join(os.tmpdir(), 'scan-record-'));
});
afterEach(() => rmSync(dist, { recursive: true, force: true }));

const RECORD = {
  mode: 'ssr',
  features: ['server-actions', 'proxy', 'headers', 'handlers'],
  routes: [
    { path: '/now', kind: 'dynamic' },
    { path: '/status', kind: 'dynamic' },
    { path: '/docs/[...slug]', kind: 'static' },
    { path: '/api/health', kind: 'handler' },
  ],
};

function problems(change: object): string[] {
  const folder = path.join(dist, 'standalone/public/.well-known');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'aetherstack.json'), JSON.stringify({ ...RECORD, ...change }));
  return scanRecord(dist).problems;
}

test('a record that fits is in order', () => expect(problems({})).toEqual([]));

test.each([
  ['files', { mode: 'ssg' }, 'it is called ssg'],
  ['no action', { features: ['proxy', 'headers', 'handlers'] }, 'it does not say that it needs server-actions'],
  ['a page of the console as a file', { routes: RECORD.routes.slice(1) }, '/now is dynamic, and called nothing'],
])('a record of %s is found', (_what, change, sentence) => expect(problems(change)).toEqual([sentence]));

test('a build that is not there is not a clean one', () => {
  expect(scanRecord(dist).problems).toEqual([expect.stringContaining('build the app first')]);
});
