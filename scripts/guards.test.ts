// A guard that cannot fail guards nothing: each is shown a fault that was planted for it.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { checkDocRefs } from './check-doc-refs.mjs';
import { checkLock } from './check-lock.mjs';
import { checkPromises, commitsNotHere } from './check-promises.mjs';
import { checkSizes } from './check-sizes.mjs';
import { checkLateParts, checkStrings, checkTree, checkVendorIds } from './check-text.mjs';
import { checkCleanInstall, checkImports, checkLint, checkTypes } from './check-tools.mjs';
import { runGuards } from './guards.mjs';
import { digestOf, type PublishedReport, renderPromises } from './promises/render.mjs';
import { PROMISES } from './promises/table.mjs';

vi.setConfig({ testTimeout: 90_000 });

let root = '';

function plant(file: string, text: string): void {
  mkdirSync(path.join(root, path.dirname(file)), { recursive: true });
  writeFileSync(path.join(root, file), text);
}

function makeTree(): void {
  root = mkdtempSync(path.join(os.tmpdir(), 'aetherstack-guards-'));
  plant('package.json', JSON.stringify({ name: 'planted', version: '1.0.0', scripts: { start: 'true' } }));
  plant('package-lock.json', lockFile({}));
  cpSync('tsconfig.json', path.join(root, 'tsconfig.json'));
  symlinkSync(path.resolve('node_modules'), path.join(root, 'node_modules'));
}

beforeEach(makeTree);
afterEach(() => rmSync(root, { recursive: true, force: true }));

function lockFile(more: Record<string, unknown>, own: Record<string, unknown> = {}): string {
  const packages = { '': { name: 'planted', version: '1.0.0', ...own }, ...more };
  return JSON.stringify({ name: 'planted', version: '1.0.0', lockfileVersion: 3, requires: true, packages });
}

describe('sizes', () => {
  test('a file of 301 lines', async () => {
    plant('lib/long.ts', 'export const a = 1;\n'.repeat(300));
    expect(await checkSizes(root)).toEqual([]);
    plant('lib/long.ts', 'export const a = 1;\n'.repeat(301));
    expect(await checkSizes(root)).toEqual(['lib/long.ts: 301 lines, at most 300']);
  });

  test.each([
    ['lib/a.ts', (body: string) => `// ü\nexport function f() {\n${body}}\n`, 'f', 50],
    ['lib/a.ts', (body: string) => `// ü\nexport const g = () => {\n${body}};\n`, 'g', 50],
    ['lib/a.ts', (body: string) => `class A {\n  m() {\n${body}}\n}\n`, 'm', 50],
    ['app/x/actions.ts', (body: string) => `\nexport async function act() {\n${body}}\n`, 'act', 60],
    ['components/x.tsx', (body: string) => `\nexport function Card() {\n${body}}\n`, 'Card', 80],
  ])('%s: a function over its limit', async (file, make, name, limit) => {
    plant(file, make('void 0;\n'.repeat(limit - 2)));
    expect(await checkSizes(root)).toEqual([]);
    plant(file, make('void 0;\n'.repeat(limit - 1)));
    expect(await checkSizes(root)).toEqual([`${file}:2: ${name} has ${limit + 1} lines, at most ${limit}`]);
  });
});

test('documents: a path, a link and a command that do not exist', () => {
  plant('docs/here.md', 'x');
  plant('README.md', 'See `docs/here.md`, [this](docs/here.md), `lib/<id>/x.ts` and run `npm start`.\n');
  expect(checkDocRefs(root)).toEqual([]);
  plant('README.md', 'See `docs/gone.md`,\n[this](docs/gone.md)\nand `npm run gone`.\n');
  expect(checkDocRefs(root)).toEqual([
    'README.md:1: docs/gone.md does not exist',
    'README.md:2: docs/gone.md does not exist',
    'README.md:3: package.json has no script "gone"',
  ]);
});

describe('promises', () => {
  const report: PublishedReport = {
    name: 'clicks',
    title: 'double clicks',
    run: 'full',
    seed: 1,
    commit: 'abc',
    date: '2026-01-01',
    seconds: 9,
    passed: 9,
    failed: 0,
    failures: [],
    seen: { P1: '4 clicks: 1 run' },
    machine: { cores: 2, memoryGb: 8, platform: 'linux-x64', node: '24', postgres: '18' },
  };
  const published = (reports: PublishedReport[], digest = digestOf(reports)) => ({ digest, reports });

  beforeEach(() => {
    for (const name of PROMISES.flatMap((each) => each.experiments ?? []))
      plant(`scripts/chaos/experiments/${name}.ts`, '');
    plant('docs/promises.json', JSON.stringify(published([report])));
    plant('docs/promises.md', renderPromises(published([report])));
    expect(checkPromises(root)).toEqual([]);
  });

  test('a figure that was edited in the document', () => {
    plant('docs/promises.md', renderPromises(published([report])).replace('1 run', '0 runs'));
    expect(checkPromises(root)).toEqual([expect.stringContaining('docs/promises.md: not what its figures make of it')]);
  });

  test('a figure that was edited in both', () => {
    const better = { ...report, seen: { P1: '9 clicks: 1 run' } };
    const edited = published([better], digestOf([report]));
    plant('docs/promises.json', JSON.stringify(edited));
    plant('docs/promises.md', renderPromises(edited));
    expect(checkPromises(root)).toEqual([expect.stringContaining('docs/promises.json: edited by hand')]);
  });

  test('a run at a commit that git does not have here is named, and is no failure', () => {
    expect(commitsNotHere(root), 'without git nobody knows').toEqual([]);
    const git = (...args: string[]) => execFileSync('git', args, { cwd: root, encoding: 'utf8' });
    git('init', '-q');
    git('-c', 'user.name=a', '-c', 'user.email=a@b.c', 'commit', '-qm', 'One', '--allow-empty');
    const here = git('rev-parse', '--short', 'HEAD').trim();
    const at = (commit: string) => ({ ...report, commit });
    const reports = [at(here), at(`${here}-dirty`), at('0badcafe'), at('0badcafe-dirty'), at('unknown')];
    plant('docs/promises.json', JSON.stringify(published(reports)));
    plant('docs/promises.md', renderPromises(published(reports)));
    expect(commitsNotHere(root)).toEqual(['0badcafe', 'unknown']);
    expect(checkPromises(root)).toEqual([]);
  });

  test('an experiment that does not exist', () => {
    rmSync(path.join(root, 'scripts/chaos/experiments/clicks.ts'));
    expect(checkPromises(root)).toContain('P1: there is no experiment clicks');
  });

  test('a run that did not hold is called failed, and what never ran unproven', () => {
    const failed = renderPromises(published([{ ...report, failed: 1, failures: ['no intent doubled (1)'] }]));
    expect(failed).toMatch(/\| P1 \|.*\*\*failed\*\*/);
    expect(failed).toContain('no intent doubled (1). Again: `npm run chaos -- --only clicks --seed 1`');
    expect(failed).toMatch(/\| P6 \|.*\*\*unproven\*\*/);
    const lost = renderPromises(published([{ ...report, seen: { P1: '9 clicks: 2 lost, 0 doubled' } }]));
    expect(lost, 'by its own figure').toMatch(/\| P1 \|.*\*\*failed\*\*/);
    const kept = renderPromises(published([{ ...report, seen: { P1: '10 clicks: 0 lost, 0 doubled' } }]));
    expect(kept).toMatch(/\| P1 \|.*\| shown \|/);
  });

  test('a run that is over a week older than the newest one shows nothing any more', () => {
    const of = (name: string, date: string) => ({ ...report, name, date, seen: {} });
    const aWeek = renderPromises(published([of('blackhole', '2026-01-01'), of('takeover', '2026-01-08')]));
    expect(aWeek).toMatch(/\| P6 \|.*\| shown \|/);
    const longer = renderPromises(published([of('blackhole', '2026-01-01'), of('takeover', '2026-01-09')]));
    expect(longer).toMatch(/\| P6 \|.*\| \*\*unproven\*\* \|.*blackhole: too long ago/);
    expect(longer).toMatch(/\| P7 \|.*\| shown \|/);
  });
});

test('vendor ids: a screen that knows a provider', () => {
  plant('lib/providers/acme/manifest.ts', 'export {};\n');
  plant('components/card.tsx', 'export const label = manifest.label;\n');
  expect(checkVendorIds(root)).toEqual([]);
  plant('components/card.tsx', "export const own = provider === 'acme';\n");
  expect(checkVendorIds(root)).toEqual([expect.stringContaining('components/card.tsx:1: names the provider "acme"')]);
});

test.each([
  ["const Part = lazy(() => import('./part'));", 'fetches code in a way of its own'],
  ["import dynamic from 'next/dynamic';", 'fetches code in a way of its own'],
  ['return <Fetched waiting={rows}>', 'draws a part that comes later itself'],
])('a part of a page that would be drawn before its code, with buttons that lose a press: %s', (line, problem) => {
  plant('components/card.tsx', 'const Part = later(load, <Skeleton />);\nreturn <Fetched waiting={closed} over>;\n');
  expect(checkLateParts(root)).toEqual([]);
  plant('components/card.tsx', `${line}\n`);
  expect(checkLateParts(root)).toEqual([expect.stringContaining(`components/card.tsx:1: ${problem}`)]);
});

test.each([
  `<p dangerously${'SetInnerHTML'}={{ __html: x }} />`,
  'const f = new Function("return 1");',
  `const file = '/${'home'}/ada/project/file';`,
  `const host = 'https://registry.${'npmjs'}.org';`,
])('dangerous strings: %s', (line) => {
  plant('lib/a.ts', 'export const fine = 1;\n');
  expect(checkStrings(root)).toEqual([]);
  plant('lib/a.ts', `${line}\n`);
  expect(checkStrings(root)).toEqual([expect.stringMatching(/^lib\/a\.ts:1: /)]);
});

test.each([
  ['lib/a.ts', `${'<'.repeat(7)} HEAD\n`],
  ['docs/key.md', `-----BEGIN PRIVATE ${'KEY'}-----\n${'MIIEvQ'.repeat(10)}\n`],
  ['.env', 'A=1\n'],
  ['public/film.bin', 'x'.repeat(2 * 1024 * 1024 + 1)],
])('not to be committed: %s', (file, text) => {
  expect(checkTree(root)).toEqual([]);
  plant(file, text);
  expect(checkTree(root)).toEqual([expect.stringContaining(file)]);
});

describe('lock file', () => {
  const dependencies = { a: '1.0.0' };

  test('a dependency of a dependency that is missing', () => {
    plant('package.json', JSON.stringify({ dependencies }));
    const a = { version: '1.0.0', optionalDependencies: { 'a-darwin-arm64': '1.0.0' } };
    const whole = { 'node_modules/a': a, 'node_modules/a/node_modules/a-darwin-arm64': { version: '1.0.0' } };
    plant('package-lock.json', lockFile(whole, { dependencies }));
    expect(checkLock(root)).toEqual([]);
    plant('package-lock.json', lockFile({ 'node_modules/a': a }, { dependencies }));
    expect(checkLock(root)).toEqual([expect.stringContaining('needs a-darwin-arm64, which is not in the lock file')]);
  });

  test('a package.json that says something else', async () => {
    // From its own folder, so that no registry is asked, which may take its time.
    plant('a/package.json', JSON.stringify({ name: 'a', version: '1.0.0' }));
    plant('package.json', JSON.stringify({ name: 'planted', version: '1.0.0', dependencies: { a: 'file:a' } }));
    expect(checkLock(root)).toEqual(['package-lock.json: a is missing, package.json says file:a']);
    expect((await checkCleanInstall(root)).join('\n')).toContain('Missing: a@1.0.0 from lock file');
  });
});

test('types: a wrong one', async () => {
  plant('lib/a.ts', 'export const n: number = 1;\n');
  expect(await checkTypes(root)).toEqual([]);
  plant('lib/a.ts', "export const n: number = 'one';\n");
  expect((await checkTypes(root)).join('\n')).toContain('lib/a.ts(1,14): error TS2322');
});

test.each([
  ['a default export', 'export default function f() {}\n', 'noDefaultExport'],
  ['any', 'export function f(a: any) {\n  return a;\n}\n', 'noExplicitAny'],
  ['bad format', 'export const a  = 1\n', 'format'],
])('lint: %s', async (_, text, rule) => {
  plant('lib/a.ts', 'export const a = 1;\n');
  for (const file of ['biome.json', '.gitignore']) cpSync(file, path.join(root, file));
  for (const file of ['package.json', 'tsconfig.json']) rmSync(path.join(root, file));
  expect(await checkLint(root)).toEqual([]);
  plant('lib/a.ts', text);
  expect((await checkLint(root)).join('\n')).toContain(rule);
});

describe('import rules', () => {
  const target: [string, string, string][] = [
    ['app-not-to-internals', 'app/x/page.server.tsx', 'lib/db/client.ts'],
    ['app-server-through-index', 'app/y/page.server.tsx', 'lib/releases/server/list.ts'],
    ['components-stay-in-browser', 'components/x.tsx', 'lib/releases/server/index.ts'],
    ['ui-has-no-domain', 'components/ui/x.tsx', 'components/deployment/card.tsx'],
    ['model-is-pure', 'lib/releases/model/x.ts', 'lib/db/client.ts'],
    ['domain-server-no-framework', 'lib/releases/server/x.ts', 'lib/providers/acme/adapter.ts'],
    ['provider-stays-home', 'lib/providers/acme/x.ts', 'lib/providers/other/adapter.ts'],
    ['kernel-imports-nothing', 'lib/kernel/x.ts', 'lib/db/client.ts'],
    ['sandbox-only-from-root', 'lib/releases/server/sandboxed.ts', 'lib/sandbox/world.ts'],
    ['no-drawers', 'lib/releases/server/drawer.ts', 'lib/releases/utils.ts'],
    ['no-tests-in-product', 'lib/releases/server/tested.ts', 'lib/releases/server/y.test.ts'],
    ['no-unresolvable', 'lib/releases/server/lost.ts', ''],
  ];

  // Each in a file of its own, all in one tree: to start the tool takes longer than to look at them.
  let said = '';
  beforeAll(async () => {
    makeTree();
    for (const [, from, to] of target) {
      plant(from, `import { a } from '@/${to.replace(/\.tsx?$/, '') || 'lib/gone'}';\nexport const b = a;\n`);
      if (to) plant(to, 'export const a = 1;\n');
    }
    plant('lib/releases/model/one.ts', "import { b } from './other';\nexport const a = () => b;\n");
    plant('lib/releases/model/other.ts', "import { a } from './one';\nexport const b = () => a;\n");
    said = (await checkImports(root)).join('\n');
    rmSync(root, { recursive: true, force: true });
  });

  test.each(target)('%s', (rule, from) => expect(said).toContain(`error ${rule}: ${from} →`));

  test('no-cycles', () => expect(said).toContain('error no-cycles: lib/releases/model/one.ts'));
});

test('one failing guard does not hide the others, and each is counted', async () => {
  plant('.env', 'A=1\n');
  const said: string[] = [];
  const { passed, failed } = await runGuards(root, (line: string) => said.push(line));
  expect(said.filter((line) => /^(ok|FAIL)/.test(line))).toHaveLength(passed + failed);
  expect(said.some((line) => line.startsWith('FAIL nothing that may not be committed'))).toBe(true);
  expect(said.some((line) => line.startsWith('ok   documents'))).toBe(true);
});
