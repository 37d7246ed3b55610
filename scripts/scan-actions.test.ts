import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { scanActions } from './scan-actions.mjs';

let root = '';
beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'scan-actions-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function plant(file: string, content: string): void {
  mkdirSync(path.join(root, path.dirname(file)), { recursive: true });
  writeFileSync(path.join(root, file), content);
}

function built(filename: string, exportedName: string): void {
  const node = { '7f00aa': { workers: {}, filename, exportedName } };
  plant('dist/server/server-reference-manifest.json', JSON.stringify({ node, edge: {} }));
}

const scan = () => scanActions(path.join(root, 'dist'), root).problems;

test('an action that defineAction made is in order', () => {
  plant('app/x/actions.ts', "'use server';\nexport const goAction = defineAction(command.go);\n");
  built('app/x/actions.ts', 'goAction');
  expect(scan()).toEqual([]);
});

test.each([
  ['a bare function', 'app/x/actions.ts', 'export async function goAction() {}'],
  ['another constant', 'app/x/actions.ts', 'export const goAction = wrap(defineAction(x));'],
  ['a name that only begins alike', 'app/x/actions.ts', 'export const goActionToo = defineAction(x);'],
  ['a component with an inline action', 'components/x/form.tsx', 'export const goAction = defineAction(x);'],
])('%s is found', (_what, file, text) => {
  plant(file, text);
  built(file, 'goAction');
  expect(scan()).toHaveLength(1);
});

test('a build without actions, or no build at all, is not a pass', () => {
  expect(scan()).toHaveLength(1);
  plant('dist/server/server-reference-manifest.json', JSON.stringify({ node: {}, edge: {} }));
  expect(scan()).toHaveLength(1);
});
