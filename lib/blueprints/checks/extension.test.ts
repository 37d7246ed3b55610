import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { manifest as vsMarketplace } from '@/lib/providers/vs-marketplace/manifest';
import { readVsix } from '@/lib/sandbox/vsix';
import { runToEnd } from '@/scripts/bootstrap/run.mjs';
import { ensureTool } from '@/scripts/testing/tools.mjs';
import { blueprintFiles } from '../model/generate';
import { Bench, stepOf } from '../testing/bench';
import { withVsce } from '../testing/builders';
import { MATRIX } from '../testing/matrix';

let bench: Bench;
let script: string;
let python: string;
beforeAll(async () => {
  python = await ensureTool('python3');
  bench = new Bench();
  bench.copy('extension', 'extension');
  script = stepOf(await bench.write(MATRIX['extension: everywhere by Entra'] as never), 'Package');
  withVsce(bench);
}, 300_000);
afterAll(() => bench.remove());

const read = (file: string) => readFileSync(path.join(bench.repository, 'extension', file));

describe('the step that tests the extension', () => {
  it('has a display for tests that start the editor, and lets an extension without tests through', async () => {
    const made = await blueprintFiles(MATRIX['extension: everywhere by Entra'] as never);
    const test = stepOf(made, 'Test');
    const own = new Bench();
    try {
      const manifest = path.join(own.repository, 'package.json');
      own.stub('xvfb-run', 'echo "display $*"');
      writeFileSync(manifest, '{"type": "module", "scripts": {"test": "vscode-test"}}');
      expect(await own.run(test)).toMatchObject({
        status: 0,
        output: expect.stringContaining('display -a npm run test'),
      });
      writeFileSync(manifest, '{}');
      expect(await own.run(test)).toMatchObject({ status: 0, output: expect.stringContaining('nothing was tested') });
      own.stub('xvfb-run', 'exit 3');
      writeFileSync(manifest, '{"scripts": {"test": "vscode-test"}}');
      expect(await own.run(test)).toMatchObject({ status: 3 });
    } finally {
      own.remove();
    }
  });
});

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

  it('makes it for the platform that was chosen, and for all of them when nobody chose', {
    timeout: 60_000,
  }, async () => {
    const env = { VERSION: '1.2.5', CHANNEL: 'stable', TAG: '' };
    const platformOf = async (TARGET: string) => {
      expect(await bench.run(script, { ...env, TARGET }, 'extension')).toMatchObject({ status: 0 });
      return readVsix(read('extension.vsix'))?.targetPlatform;
    };
    expect(await platformOf('win32-x64')).toBe('win32-x64');
    expect(await platformOf('universal')).toBe('universal');
    expect(await platformOf('')).toBe('universal');
  });

  it('makes the same bytes of the same commit again, and hands on no others than were asked for', {
    timeout: 60_000,
  }, async () => {
    const env = { VERSION: '1.2.4', CHANNEL: 'stable', TAG: '' };
    await bench.run(script, env, 'extension');
    const WANTED = createHash('sha256').update(read('extension.vsix')).digest('hex');
    rmSync(path.join(bench.repository, 'extension/extension.vsix'));
    expect(await bench.run(script, { ...env, WANTED }, 'extension')).toMatchObject({ status: 0 });
    const other = await bench.run(script, { ...env, WANTED: 'a'.repeat(64) }, 'extension');
    expect(other).toMatchObject({ status: 1, output: expect.stringContaining('makes another package') });
    expect(readFileSync(path.join(bench.folder, 'github-output'), 'utf8')).toBe('');
  });

  it('refuses a version that no marketplace takes, and a tag that says another one', async () => {
    const bad = await bench.run(script, { VERSION: '1.2.3-beta.1', CHANNEL: 'stable', TAG: '' }, 'extension');
    expect(bad).toMatchObject({ status: 1, output: expect.stringContaining('three numbers') });
    const other = await bench.run(script, { VERSION: '', CHANNEL: 'stable', TAG: 'v9.9.9' }, 'extension');
    expect(other).toMatchObject({ status: 1, output: expect.stringContaining('are not the same') });
  });
});

describe('the step that tells who signs in at the Marketplace', () => {
  it.each([
    ['the id that its members page asks for', 'echo 0a1b-2c3d', 'Identity at the Marketplace: 0a1b-2c3d. It has to be'],
    ['that nobody could read it, and holds nothing up', 'exit 1', 'Identity at the Marketplace: it could not be read.'],
  ])('writes %s into the summary', async (_, az, said) => {
    const own = new Bench();
    try {
      const made = await own.write(MATRIX['extension: everywhere by Entra'] as never);
      own.stub('az', `printf '%s\\n' "$*" > "$RUNNER_TEMP/asked"; ${az}`);
      const GITHUB_STEP_SUMMARY = path.join(own.folder, 'summary');
      expect(await own.run(stepOf(made, 'Tell who signs in'), { GITHUB_STEP_SUMMARY })).toMatchObject({ status: 0 });
      expect(readFileSync(GITHUB_STEP_SUMMARY, 'utf8')).toContain(said);
      const asked = readFileSync(path.join(own.folder, 'asked'), 'utf8').trim();
      const [command] = vsMarketplace.capabilities.publish.retires.steps.flatMap(
        (step) => step.match(/az (rest.+id)\./)?.[1] ?? [],
      );
      expect(asked, 'as the steps of the assistant say').toBe(`${command} --output tsv`);
    } finally {
      own.remove();
    }
  });
});

describe('the step that publishes to a gallery of one’s own', () => {
  it('is ovsx at its address, with the token in no argument: our own gallery takes nothing from vsce', async () => {
    const privateGallery = 'https://console.acme.example/api/gallery';
    const settings = { ...MATRIX['extension: Open VSX only'], openVsx: false, privateGallery };
    const own = new Bench();
    try {
      const made = await own.write(settings as never);
      own.stub('npx', 'echo "npx $* as $OVSX_PAT"');
      const ran = await own.run(stepOf(made, 'Publish'), { GALLERY: privateGallery, OVSX_PAT: 'a-token' });
      expect(ran.output.trim()).toMatch(
        /^npx --yes ovsx@[\d.]+ publish extension\.vsix --skip-duplicate -r https:\/\/console\.acme\.example\/api\/gallery as a-token$/,
      );
      const text = made.map((file) => file.text).join('');
      expect(text).toContain(`GALLERY: '${privateGallery}'`);
      expect(text).toContain('OVSX_PAT: ${{ secrets.PRIVATE_GALLERY_TOKEN }}');
      expect(text).not.toMatch(/vsce@\S+ publish/);
    } finally {
      own.remove();
    }
  });
});

describe('the step that fetches a package from the console', () => {
  const bytes = 'PK: what was uploaded';
  const SHA256 = createHash('sha256').update(bytes).digest('hex');
  const steps = async (name: string) =>
    stepOf(await bench.write(MATRIX['extension: from the console too'] as never), name);
  const AETHERSTACK_TOKEN = 'a-token-of-the-console';

  it('asks for exactly this digest, with the token in no argument, and hands on what has it', async () => {
    bench.stub(
      'curl',
      `printf '%s\\n' "$@" > "$RUNNER_TEMP/asked"; cat "$RUNNER_TEMP/console-header" > "$RUNNER_TEMP/sent"; printf '${bytes}' > extension.vsix`,
    );
    const fetched = await bench.run(await steps('Fetch the package from the console'), { SHA256, AETHERSTACK_TOKEN });
    expect(fetched).toMatchObject({ status: 0, output: '' });
    const asked = readFileSync(path.join(bench.folder, 'asked'), 'utf8');
    expect(asked).toContain(`https://console.acme.example/api/v1/extensions/packages/${SHA256}/file`);
    expect(asked).toContain('=https');
    expect(asked).not.toContain(AETHERSTACK_TOKEN);
    expect(readFileSync(path.join(bench.folder, 'sent'), 'utf8')).toBe(`authorization: Bearer ${AETHERSTACK_TOKEN}\n`);
    expect(existsSync(path.join(bench.folder, 'console-header')), 'the token is left nowhere').toBe(false);
    const check = await steps('Check that it is the one that was packaged');
    expect(await bench.run(check, { SHA256 })).toMatchObject({ status: 0 });
    expect(await bench.run(check, { SHA256: 'a'.repeat(64) })).toMatchObject({ status: 1 });
  });

  it.each(['', 'A'.repeat(64), `${'a'.repeat(64)}/../x`, `${'a'.repeat(63)}$(id)`, `${'a'.repeat(64)}\n`])(
    'asks for nothing that is no digest: %j',
    async (wrong) => {
      bench.stub('curl', 'echo asked');
      const script = await steps('Fetch the package from the console');
      const ran = await bench.run(script, { SHA256: wrong, AETHERSTACK_TOKEN });
      expect(ran).toMatchObject({ status: 1, output: expect.stringContaining('named by its SHA-256') });
      expect(ran.output).not.toContain('asked');
    },
  );
});
