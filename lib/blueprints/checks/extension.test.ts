import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runToEnd } from '@/scripts/bootstrap/run.mjs';
import { ensureTool } from '@/scripts/testing/tools.mjs';
import { Bench, stepOf } from '../testing/bench';
import { MATRIX } from '../testing/matrix';

let bench: Bench;
let script: string;
let python: string;
beforeAll(async () => {
  python = await ensureTool('python3');
  bench = new Bench();
  bench.copy('extension', 'extension');
  script = stepOf(await bench.write(MATRIX['extension: everywhere by Entra'] as never), 'Package');
  const vsce = path.resolve('node_modules/@vscode/vsce/vsce');
  // The version in the workflow is the one that is installed here, so the step needs no download.
  bench.stub(
    'npx',
    `[ "$1 $2" = "--yes @vscode/vsce@4.1.0" ] || exit 9; shift 2; exec "${process.execPath}" "${vsce}" "$@"`,
  );
}, 300_000);
afterAll(() => bench.remove());

const read = (file: string) => readFileSync(path.join(bench.repository, 'extension', file));

describe('the step that packages the extension', () => {
  it('makes a package with vsce, tells its digest, and marks a pre-release', { timeout: 60_000 }, async () => {
    const { status, output } = await bench.run(
      script,
      { VERSION: '1.2.3', CHANNEL: 'pre-release', TAG: '' },
      'extension',
    );
    expect([status, output]).toEqual([0, expect.stringContaining('Packaged: extension.vsix')]);
    const sha256 = createHash('sha256').update(read('extension.vsix')).digest('hex');
    expect(readFileSync(path.join(bench.folder, 'github-output'), 'utf8')).toBe(`sha256=${sha256}\n`);
    const list =
      'import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); print(z.read("extension.vsixmanifest").decode())';
    const manifest = await runToEnd(python, ['-c', list, path.join(bench.repository, 'extension/extension.vsix')]);
    expect(manifest.output).toContain('Version="1.2.3" Publisher="aetherstack"');
    expect(manifest.output).toContain('Microsoft.VisualStudio.Code.PreRelease" Value="true"');
  });

  it('refuses a version that no marketplace takes, and a tag that says another one', async () => {
    const bad = await bench.run(script, { VERSION: '1.2.3-beta.1', CHANNEL: 'stable', TAG: '' }, 'extension');
    expect(bad).toMatchObject({ status: 1, output: expect.stringContaining('three numbers') });
    const other = await bench.run(script, { VERSION: '', CHANNEL: 'stable', TAG: 'v9.9.9' }, 'extension');
    expect(other).toMatchObject({ status: 1, output: expect.stringContaining('are not the same') });
  });
});
