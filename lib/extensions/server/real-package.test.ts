import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { inspect } from './inspect';
import { bufferSource } from './zip-source';

const VSCE = path.resolve('node_modules/@vscode/vsce/vsce');
const folder = mkdtempSync(path.join(os.tmpdir(), 'vsce-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The example team's extension, as vsce makes a package of it. */
async function packaged(version: string, ...flags: string[]): Promise<Buffer> {
  const sources = path.join(folder, version);
  cpSync('lib/sandbox/repository/extension', sources, { recursive: true });
  const manifest = JSON.parse(readFileSync(path.join(sources, 'package.json'), 'utf8'));
  writeFileSync(path.join(sources, 'package.json'), JSON.stringify({ ...manifest, version }));
  const args = [VSCE, 'package', '--no-dependencies', '--no-update-package-json', '--out', 'made.vsix', ...flags];
  await promisify(execFile)(process.execPath, args, { cwd: sources });
  return readFileSync(path.join(sources, 'made.vsix'));
}

test('what vsce really makes passes, with its platform and its pre-release flag', async () => {
  const [plain, special] = await Promise.all([
    packaged('1.2.3'),
    packaged('1.3.0', '--target', 'linux-x64', '--pre-release'),
  ]);
  const first = await inspect(bufferSource(plain));
  expect(first.findings.filter(({ level }) => level !== 'note')).toEqual([]);
  expect(first).toMatchObject({
    scan: 'passed',
    facts: { publisher: 'aetherstack', name: 'aetherstack', version: '1.2.3' },
  });
  expect(first.files.map((file) => file.path)).toContain('extension/src/extension.js');
  const second = await inspect(bufferSource(special));
  expect(second).toMatchObject({
    scan: 'passed',
    facts: { version: '1.3.0', targetPlatform: 'linux-x64', prerelease: true },
  });
});
