import { createRequire } from 'node:module';
import path from 'node:path';

const FOLDER = path.resolve('.cache', 'chaos');
/** One file, so that hundreds of processes start in a third of the time that the sources take. */
export const WORKER_FILE = path.join(FOLDER, 'worker.mjs');
export const COMPILED = path.join(FOLDER, 'compiled');

interface Bundler {
  build(options: Record<string, unknown>): Promise<unknown>;
}

let built: Promise<void> | undefined;

/** Once a run: a second lab must not write the file anew under the workers of the first. */
export function buildWorker(): Promise<void> {
  built ??= bundle();
  return built;
}

/** With the bundler that tsx itself brings. */
async function bundle(): Promise<void> {
  const ofTsx = createRequire(createRequire(import.meta.url).resolve('tsx/package.json'));
  const { build } = ofTsx('esbuild') as Bundler;
  await build({
    entryPoints: ['scripts/chaos/lab/worker.ts'],
    outfile: WORKER_FILE,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    conditions: ['react-server'],
    logLevel: 'error',
  });
}
