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

/** What comes as CommonJS asks for Node's own modules, and a module of the other kind has no `require` to ask with. */
const ASKS = "import { createRequire as asks } from 'node:module'; const require = asks(import.meta.url);";

/** With the bundler that tsx itself brings, packages too: to find and read a thousand files of theirs was most of a start. */
async function bundle(): Promise<void> {
  const ofTsx = createRequire(createRequire(import.meta.url).resolve('tsx/package.json'));
  const { build } = ofTsx('esbuild') as Bundler;
  await build({
    entryPoints: ['scripts/chaos/lab/worker.ts'],
    outfile: WORKER_FILE,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['pg-native'],
    banner: { js: ASKS },
    conditions: ['react-server'],
    logLevel: 'error',
  });
}
