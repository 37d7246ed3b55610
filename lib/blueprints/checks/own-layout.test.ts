import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Bench, stepOf } from '../testing/bench';
import { MATRIX } from '../testing/matrix';

/**
 * This very project is deployed by the blueprint: its own next.config, build scripts and vercel.json, in the folders that
 * they name. Only the compiler is another one: it writes where Next would, by what next.config says.
 */
const COMPILER = `
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
const { default: config } = await import(path.resolve('next.config.mjs'));
const write = (file, text = '') => { mkdirSync(path.dirname(file), { recursive: true }); writeFileSync(file, text); };
const exported = config.output === 'export';
// Next exports from here whatever folder is named; that one gets the files.
const work = exported ? '.next' : config.distDir;
rmSync(work, { recursive: true, force: true });
write(work + '/BUILD_ID', '1');
write(work + '/static/a.js');
if (exported) {
  write(work + '/export-detail.json', JSON.stringify({ success: true, outDirectory: path.resolve(config.distDir) }));
  write(config.distDir + '/index.html', config.basePath);
  write(config.distDir + '/_next/a.js');
} else write(work + '/standalone/server.js');
`;
const OWN = ['scripts/build.mjs', 'scripts/build-record.mjs', 'scripts/bootstrap', 'scripts/start', 'next.config.mjs'];
const VALUES = { AETHERSTACK_MARKER: 'dep_1', AETHERSTACK_BAKED_SALT: 'acme/stack/dashboard' };

let bench: Bench;
let home: string;
beforeAll(() => {
  bench = new Bench();
  home = path.join(bench.repository, 'dashboard');
  for (const file of [...OWN, 'package.json', 'vercel.json']) cpSync(file, path.join(home, file), { recursive: true });
  const write = (file: string, text: string) => {
    mkdirSync(path.dirname(path.join(home, file)), { recursive: true });
    writeFileSync(path.join(home, file), text);
  };
  write('node_modules/next/dist/bin/next', COMPILER);
  write('node_modules/next/package.json', '{"name":"next","type":"module"}');
  write('scripts/static-site/seal-pages.ts', '');
  write('public/robots.txt', '');
  symlinkSync(path.resolve('node_modules/tsx'), path.join(home, 'node_modules/tsx'));
  symlinkSync(path.resolve('node_modules/@next'), path.join(home, 'node_modules/@next'));
  bench.stub('npm', `[ "$*" = "run build" ] && exec "${process.execPath}" scripts/build.mjs; exit 9`);
  bench.stub('yarn', `[ "$*" = "run build" ] && exec "${process.execPath}" scripts/build.mjs; exit 9`);
  bench.stub('node', `exec "${process.execPath}" "$@"`);
  const { buildCommand } = JSON.parse(readFileSync('vercel.json', 'utf8'));
  const packed = 'mkdir -p .vercel/output/static';
  bench.stub('npx', `for word in "$@"; do if [ "$word" = build ]; then ${packed}; ${buildCommand}; exit $?; fi; done`);
});
afterAll(() => bench.remove());

/** The step as it stands in the workflow, with what the workflow tells it. */
async function step(label: string, name: string, rendering: string, env: Record<string, string> = {}) {
  const files = await bench.write(MATRIX[label] as never);
  const workflow = files.find(({ path: file }) => file.startsWith('.github/workflows/'))?.text ?? '';
  const told = [
    ...workflow.matchAll(/^ +((?:AETHERSTACK_(?:DIST|OUT)_DIR|(?:AETHERSTACK_)?BASE_PATH)): '?([^'\n]+)'?$/gm),
  ];
  const own = Object.fromEntries(told.map(([, key = '', value = '']) => [key, value]));
  const given = { ...own, ...VALUES, AETHERSTACK_RENDERING: rendering, ...env };
  const { status, output } = await bench.run(stepOf(files, name), given, 'dashboard');
  expect(status, output).toBe(0);
}

const record = (folder: string) =>
  JSON.parse(readFileSync(path.join(home, folder, '.well-known/aetherstack.json'), 'utf8'));

describe('this project, by the blueprint for a dashboard', () => {
  it.each([
    ['dashboard: own server', 'ssr'],
    ['dashboard: own server by its agent', 'ssr'],
    ['dashboard: own server', 'ssg'],
    ['dashboard: own server by its agent', 'ssg'],
  ])('%s, %s: is built, recorded and packed', async (label, rendering) => {
    await step(label, 'Build', rendering);
    await step(label, 'Pack', rendering);
    const listed = (await bench.run('tar --list --file build.tar.gz', {}, 'dashboard')).output.split('\n');
    expect(listed).toContain(rendering === 'ssr' ? './server.js' : './index.html');
    if (rendering === 'ssr') expect(listed).toContain('./.next/static/a.js');
    expect(listed.some((file) => file.includes('static/static'))).toBe(false);
    expect(record(rendering === 'ssr' ? '.next/standalone/public' : 'out')).toMatchObject({
      ...{ mode: rendering, marker: 'dep_1' },
    });
  });

  it('Pages gets the files, below the path of the project', async () => {
    await step('dashboard: Pages', 'Build', 'ssg', {});
    expect(readFileSync(path.join(home, 'out/index.html'), 'utf8')).toBe('/stack');
    expect(record('out')).toMatchObject({ mode: 'ssg' });
  });

  it.each(['ssr', 'ssg'])('Vercel, %s: its build says what it is, also to what is packed there', async (rendering) => {
    rmSync(path.join(home, '.vercel'), { recursive: true, force: true });
    await step('dashboard: Vercel', 'Build and deploy', rendering, { ENVIRONMENT: 'production' });
    expect(record('.vercel/output/static')).toMatchObject({ mode: rendering });
    expect(existsSync(path.join(home, '.next/BUILD_ID'))).toBe(true);
  });
});
