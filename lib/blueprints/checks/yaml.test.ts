import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { load } from 'js-yaml';
import { expect, it } from 'vitest';
import { runToEnd } from '@/scripts/bootstrap/run.mjs';
import { ensureTool } from '@/scripts/testing/tools.mjs';
import { madeFiles } from '../testing/matrix';

// `on:` is a key that YAML 1.1 reads as true, and a comment after an action's commit stands one space away from it.
const CONFIG = `extends: default
rules:
  document-start: disable
  line-length: { max: 180 }
  truthy: { check-keys: false }
  comments: { min-spaces-from-content: 1 }
`;

it('yamllint finds nothing in any YAML file', { timeout: 300_000 }, async () => {
  const yamllint = await ensureTool('yamllint');
  const folder = mkdtempSync(path.join(tmpdir(), 'blueprints-yaml-'));
  try {
    const files = (await madeFiles()).filter((file) => /\.ya?ml$/.test(file.path));
    for (const [index, file] of files.entries()) {
      writeFileSync(path.join(folder, `${index}-${path.basename(file.path)}`), file.text);
      expect(load(file.text)).toBeTypeOf('object');
    }
    writeFileSync(path.join(folder, 'wrong.yml'), 'a: 1\na: 2\n');
    const { output } = await runToEnd(yamllint, ['--strict', '--format', 'parsable', '-d', CONFIG, '.'], {
      cwd: folder,
    });
    expect(output.trim().split('\n')).toEqual([
      './wrong.yml:2:1: [error] duplication of key "a" in mapping (key-duplicates)',
    ]);
    expect(files.length).toBeGreaterThan(30);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
