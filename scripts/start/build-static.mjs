import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { withLock } from '../bootstrap/lock.mjs';
import { patiently } from '../bootstrap/patience.mjs';
import { lastLines } from '../bootstrap/postgres.mjs';
import { identify } from '../bootstrap/process-identity.mjs';
import { runToEnd } from '../bootstrap/run.mjs';
import { writeBuildRecord } from '../build-record.mjs';
import { hashSources, publicEnvironment, runNextBuild } from './build.mjs';

/** Next makes an export here, and puts its files where `out` says. */
const WORK = '.next';
/** A base path that `next.config.mjs` and every file server understand. */
const BASE_PATH = /^(?:\/(?!\.{1,2}(?:\/|$))[\w.~-]+)*\/?$/;

/**
 * Next empties the folder before it writes there: only one inside the project that is new, empty or an earlier export.
 * @param {string} root
 * @param {string} out
 * @throws {Error} that says which folder it is and what to name instead
 */
export function requireExportFolder(root, out) {
  const inside = path.relative(root, path.resolve(root, out));
  if (inside === '' || inside.startsWith('..') || path.isAbsolute(inside)) {
    throw new Error(`AETHERSTACK_OUT_DIR is ${out}; name a folder inside the project, such as out.`);
  }
  const folder = path.join(root, inside);
  const found = existsSync(folder) ? readdirSync(folder) : [];
  // Both are written by Next itself, so an export that was cut off has one of them too.
  if (found.length > 0 && !found.includes('_next') && !found.includes('404.html')) {
    throw new Error(
      `AETHERSTACK_OUT_DIR is ${out}, which holds ${found[0]} and is no earlier export: it would be emptied. Name another folder, or empty it yourself.`,
    );
  }
}

/**
 * Exports the public part as files, unless the export of exactly these sources and settings is there.
 * @param {{ root: string, out: string, basePath?: string, log: (line: string) => void, signal?: AbortSignal }} options
 *   `out`: relative to `root`
 * @returns {Promise<{ built: boolean, folder: string }>} `folder`: absolute
 * @throws {Error} with the compiler's last lines
 */
export async function ensureStatic({ root, out, basePath = '', log, signal }) {
  if (!BASE_PATH.test(basePath)) {
    throw new Error(`AETHERSTACK_BASE_PATH is ${basePath}; write a path such as /stack, or leave it empty.`);
  }
  requireExportFolder(root, out);
  const folder = path.join(root, out);
  const stamp = path.join(root, '.cache', `static-${out.replaceAll(/[\\/]/g, '_')}.stamp`);
  const onWait = (holder) => log(`Another export (pid ${holder.pid}) is being built; waiting for it …`);
  return withLock(
    path.join(root, '.cache', 'build-static.lock'),
    async (lock) => {
      const hash = hashSources(root, `static ${basePath}`);
      if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash && isLastExport(root, folder)) {
        // The same files, asked for by another deployment or from another commit.
        writeBuildRecord({ root, dist: WORK });
        return { built: false, folder };
      }
      log('Exporting the public part …');
      rmSync(stamp, { force: true });
      const onStart = (pid) => lock.update({ child: identify(pid) });
      await patiently(log, 'exporting', exportSite({ root, out, basePath, signal, onStart }));
      await finish({ root, folder, signal });
      mkdirSync(path.dirname(stamp), { recursive: true });
      writeFileSync(stamp, hash);
      return { built: true, folder };
    },
    onWait,
  );
}

/** Next remembers its last export alone, and the record is made from what it remembers. */
function isLastExport(root, folder) {
  const detail = path.join(root, WORK, 'export-detail.json');
  if (!existsSync(folder) || !existsSync(detail)) {
    return false;
  }
  const { outDirectory } = JSON.parse(readFileSync(detail, 'utf8'));
  return path.resolve(root, outDirectory ?? '') === folder;
}

async function exportSite({ root, out, basePath, signal, onStart }) {
  const next = path.join(root, 'node_modules', 'next', 'dist', 'bin', 'next');
  const env = {
    ...process.env,
    NODE_ENV: 'production',
    NEXT_TELEMETRY_DISABLED: '1',
    AETHERSTACK_RENDERING: 'ssg',
    AETHERSTACK_OUT_DIR: out,
    AETHERSTACK_BASE_PATH: basePath,
    AETHERSTACK_SKIP_TYPES: '1',
  };
  const result = await runNextBuild(root, [next, 'build'], { env, signal, onStart });
  const logFile = path.join(root, '.cache', 'build-static.log');
  writeFileSync(logFile, result.output);
  if (result.status !== 0) {
    throw new Error(
      `The public part could not be exported:\n${lastLines(result.output, 25)}\nAll of it is in ${logFile}`,
    );
  }
}

/** What Next leaves to us: the policy of each page, the record, and a file that tells GitHub Pages to serve `_next`. */
async function finish({ root, folder, signal }) {
  const script = path.join(root, 'scripts', 'static-site', 'seal-pages.ts');
  const args = ['--import', 'tsx', script, folder, publicEnvironment(root).NEXT_PUBLIC_STATUS_URL ?? ''];
  const sealed = await runToEnd(process.execPath, args, { cwd: root, signal });
  if (sealed.status !== 0) {
    throw new Error(`The pages could not be given their content policy:\n${lastLines(sealed.output, 10)}`);
  }
  writeFileSync(path.join(folder, '.nojekyll'), '');
  writeBuildRecord({ root, dist: WORK });
}
