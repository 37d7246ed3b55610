import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

const SKIPPED = new Set(['node_modules', '.git', '.cache', '.aetherstack', 'test-results', 'playwright-report']);

/**
 * The files that are or would be committed, relative to `root` with forward slashes. Without git (an unpacked
 * archive), everything but build output and installed packages.
 * @returns {string[]}
 */
export function listSourceFiles(root) {
  const git = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  const inGit = git.status === 0 && existsSync(path.join(root, '.git'));
  const files = inGit ? git.stdout.split('\0').filter(Boolean) : walk(root, '');
  return files.filter((file) => existsSync(path.join(root, file))).sort();
}

function walk(root, folder) {
  return readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    if (SKIPPED.has(entry.name) || entry.name.startsWith('.next')) {
      return [];
    }
    const file = folder ? `${folder}/${entry.name}` : entry.name;
    return entry.isDirectory() ? walk(root, file) : [file];
  });
}

/** True for the module that was named on the command line. */
export function isMain(url) {
  return Boolean(process.argv[1]) && url === new URL(`file://${path.resolve(process.argv[1])}`).href;
}

/** Prints what a guard found and sets the exit code: for running one guard by itself. */
export async function reportAlone(name, check) {
  const problems = await check(process.cwd());
  for (const problem of problems) {
    console.log(problem);
  }
  console.log(problems.length === 0 ? `${name}: ok` : `${name}: ${problems.length} to mend`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
