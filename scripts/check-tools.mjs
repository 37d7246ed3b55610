// Guards that are somebody else's program: the type checker, the linter, the import rules, npm.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { PROJECT_ROOT, runNpm } from './bootstrap/node.mjs';

/** TypeScript over everything. */
export function checkTypes(root) {
  return runTool(root, 'typescript/bin/tsc', ['--noEmit', '--pretty', 'false']);
}

/** Biome: format and lint, every finding an error. */
export function checkLint(root) {
  return runTool(root, '@biomejs/biome/bin/biome', [
    'check',
    '--error-on-warnings',
    '--max-diagnostics=30',
    '--colors=off',
    '.',
  ]);
}

/** The import arrows of docs/architecture.md. */
export async function checkImports(root) {
  const folders = ['lib', 'app', 'components'].filter((folder) => existsSync(path.join(root, folder)));
  const config = path.join(PROJECT_ROOT, '.dependency-cruiser.cjs');
  return runTool(root, 'dependency-cruiser/bin/dependency-cruiser.mjs', ['--config', config, '-T', 'err', ...folders]);
}

/** Provider folders = catalog = registry. */
export async function checkProviders(root) {
  const script = path.join(root, 'scripts', 'gen-providers.mjs');
  return existsSync(script)
    ? run(process.execPath, [script, '--check'], root)
    : ['scripts/gen-providers.mjs is missing'];
}

/** npm itself finds the lock file complete for this platform. */
export async function checkCleanInstall(root) {
  const result = await runNpm(['ci', '--dry-run', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: root, root });
  return result.status === 0 ? [] : lines(result.output);
}

function runTool(root, binary, args) {
  return run(process.execPath, [path.join(PROJECT_ROOT, 'node_modules', binary), ...args], root);
}

async function run(command, args, cwd) {
  const { FORCE_COLOR: _, ...plain } = process.env;
  const child = spawn(command, args, {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...plain, NO_COLOR: '1' },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
  }
  const status = await new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', resolve);
  });
  return status === 0 ? [] : lines(output || String(status));
}

function lines(output) {
  return output.split('\n').filter((line) => line.trim());
}
