import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readLock, tryLock, withLock } from '../bootstrap/lock.mjs';
import { patiently } from '../bootstrap/patience.mjs';
import { lastLines } from '../bootstrap/postgres.mjs';
import { identify, isRunning } from '../bootstrap/process-identity.mjs';
import { runToEnd } from '../bootstrap/run.mjs';
import { environmentFiles, writeBuildRecord } from '../build-record.mjs';

const SOURCES = ['app', 'components', 'docs', 'lib', 'public'];
const CONFIGURATION =
  /^((README|CONTRIBUTING|CHANGELOG)\.md|package(-lock)?\.json|tsconfig\.json|(next|tailwind|postcss)\.config\..+|(proxy|instrumentation).*\.tsx?)$/;
const NOT_BUILT = /\.test\.tsx?$|^lib\/sandbox\/repository\/|^public\/\.well-known\//;

/**
 * Builds the app unless the build of exactly these sources is there.
 * @returns {Promise<{ built: boolean, server: string }>} `server` is the standalone entry, absolute
 * @throws {Error} with the compiler's last lines
 */
export async function ensureBuild({ root, distDir, actionsKey, log, signal }) {
  const dist = path.join(root, distDir);
  const server = path.join(dist, 'standalone', 'server.js');
  const onWait = (holder) => log(`Another start (pid ${holder.pid}) is building; waiting for it …`);
  return withLock(
    path.join(root, '.cache', `build-${path.basename(distDir)}.lock`),
    async (lock) => {
      const hash = hashSources(root, actionsKey);
      if (existsSync(server) && existsSync(path.join(dist, 'BUILD_ID')) && readStamp(dist) === hash) {
        // The same build, asked for by another deployment or from another commit.
        writeBuildRecord({ root, dist: distDir });
        return { built: false, server };
      }
      refuseWhileServed(root, distDir);
      log('Building the app (only needed when the sources changed) …');
      rmSync(path.join(dist, 'aetherstack-build'), { force: true });
      const onStart = (pid) => lock.update({ child: identify(pid) });
      await patiently(log, 'building', build({ root, distDir, actionsKey, signal, onStart }));
      completeStandalone(root, dist);
      writeBuildRecord({ root, dist: distDir });
      writeFileSync(path.join(dist, 'aetherstack-build'), hash);
      return { built: true, server };
    },
    onWait,
  );
}

/** Marks the build as in use by this process, so that no other start replaces it underneath. */
export function markServed(root, distDir) {
  return tryLock(servedFile(root, distDir, process.pid));
}

async function build({ root, distDir, actionsKey, signal, onStart }) {
  const next = path.join(root, 'node_modules', 'next', 'dist', 'bin', 'next');
  const env = {
    ...process.env,
    NODE_ENV: 'production',
    NEXT_TELEMETRY_DISABLED: '1',
    AETHERSTACK_DIST_DIR: distDir,
    AETHERSTACK_SKIP_TYPES: '1',
    NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: actionsKey,
  };
  const result = await runNextBuild(root, [next, 'build'], { env, signal, onStart });
  const logFile = path.join(root, '.cache', 'build.log');
  writeFileSync(logFile, result.output);
  if (result.status !== 0) {
    throw new Error(`The app could not be built:\n${lastLines(result.output, 25)}\nAll of it is in ${logFile}`);
  }
}

/**
 * One of this checkout at a time, whatever it builds: each puts back the tsconfig.json that it found, so it must not find
 * what another one's Next wrote there. The lock names the child and holds that file, so that whoever takes it over from a
 * killed one ends its Next and puts the file back first.
 * @param {string} root
 * @param {string[]} args
 * @param {{ env: NodeJS.ProcessEnv, signal?: AbortSignal, onStart?: (pid: number) => void }} how
 */
export function runNextBuild(root, args, { env, signal, onStart }) {
  return withLock(path.join(root, '.cache', 'next-build.lock'), (lock) => {
    const tsconfig = path.join(root, 'tsconfig.json');
    if (lock.previous?.tsconfig) writeFileSync(tsconfig, lock.previous.tsconfig);
    const restoreTsconfig = rememberTsconfig(root);
    if (existsSync(tsconfig)) lock.update({ tsconfig: readFileSync(tsconfig, 'utf8') });
    const started = (pid) => {
      lock.update({ child: identify(pid) });
      onStart?.(pid);
    };
    return runToEnd(process.execPath, args, { cwd: root, env, signal, onStart: started }).finally(restoreTsconfig);
  });
}

/**
 * Next writes its own wishes for a build folder into tsconfig.json; a start leaves the checkout as it was.
 * @returns {() => void} puts the file back as it is now
 */
export function rememberTsconfig(root) {
  const file = path.join(root, 'tsconfig.json');
  const before = existsSync(file) ? readFileSync(file) : undefined;
  return () => {
    if (before && !readFileSync(file).equals(before)) {
      writeFileSync(file, before);
    }
  };
}

// The standalone folder serves these two only when they lie beside it; the build leaves that step to us.
function completeStandalone(root, dist) {
  const standalone = path.join(dist, 'standalone');
  const pairs = [
    [path.join(dist, 'static'), path.join(standalone, path.basename(dist), 'static')],
    [path.join(root, 'public'), path.join(standalone, 'public')],
  ];
  for (const [from, to] of pairs) {
    rmSync(to, { recursive: true, force: true });
    if (existsSync(from)) {
      cpSync(from, to, { recursive: true });
    }
  }
}

function refuseWhileServed(root, distDir) {
  const cache = path.join(root, '.cache');
  for (const name of existsSync(cache) ? readdirSync(cache) : []) {
    const other = name.startsWith(`served-${path.basename(distDir)}-`) && readLock(path.join(cache, name));
    if (other && other.pid !== process.pid && isRunning(other)) {
      throw new Error(
        `The sources changed and another start (pid ${other.pid}) serves the build in ${distDir}. ` +
          'Stop that one first, or build into another folder: AETHERSTACK_DIST_DIR=.next-2 npm start',
      );
    }
    if (other && !isRunning(other)) {
      rmSync(path.join(cache, name), { force: true });
    }
  }
}

function servedFile(root, distDir, pid) {
  return path.join(root, '.cache', `served-${path.basename(distDir)}-${pid}.lock`);
}

function readStamp(dist) {
  const file = path.join(dist, 'aetherstack-build');
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/** One hash over everything that the build reads. */
export function hashSources(root, actionsKey) {
  mkdirSync(path.join(root, '.cache'), { recursive: true });
  const hash = createHash('sha256').update(actionsKey);
  const configuration = readdirSync(root).filter((name) => CONFIGURATION.test(name));
  const sources = SOURCES.flatMap((folder) => listFiles(root, folder)).filter((file) => !NOT_BUILT.test(file));
  for (const file of [...configuration, ...sources].sort()) {
    hash.update(`\0${file}\0`).update(readFileSync(path.join(root, file)));
  }
  const values = publicEnvironment(root);
  for (const name of Object.keys(values).sort()) {
    hash.update(`\0${name}=${values[name]}`);
  }
  return hash.digest('hex');
}

/** What goes into the browser's code: `NEXT_PUBLIC_*` of the environment, and of the .env files where it says nothing. */
export function publicEnvironment(root) {
  const all = Object.entries({ ...environmentFiles(root), ...process.env });
  return Object.fromEntries(all.filter(([name]) => name.startsWith('NEXT_PUBLIC_')));
}

function listFiles(root, folder) {
  const absolute = path.join(root, folder);
  if (!existsSync(absolute)) {
    return [];
  }
  return readdirSync(absolute, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
}
