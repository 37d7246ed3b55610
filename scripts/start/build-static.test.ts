import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { requireExportFolder } from './build-static.mjs';

const root = mkdtempSync(path.join(tmpdir(), 'export-'));

function folder(name: string, ...files: string[]): string {
  mkdirSync(path.join(root, name), { recursive: true });
  for (const file of files) writeFileSync(path.join(root, name, file), '');
  return name;
}

test('a folder that holds anything but an earlier export is not given to be emptied', () => {
  expect(() => requireExportFolder(root, folder('docs', 'gates.md'))).toThrow(/docs, which holds gates\.md/);
});

test.each(['.', '..', '../elsewhere', '/srv/www', ''])(
  'a folder that is not inside the project is refused: %j',
  (out) => {
    expect(() => requireExportFolder(root, out)).toThrow(/inside the project/);
  },
);

test('a new folder, an empty one and an earlier export are taken', () => {
  for (const out of [
    'new',
    'new/below',
    folder('empty'),
    folder('whole', '404.html', 'index.html'),
    folder('cut', '_next'),
  ])
    expect(() => requireExportFolder(root, out), out).not.toThrow();
});
