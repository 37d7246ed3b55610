// The real launcher around a stand-in app and sandbox: what its tests start, so that they need no build.
import path from 'node:path';
import { PROJECT_ROOT } from '../bootstrap/node.mjs';
import { runStart } from '../start/run-start.mjs';

const programs = {
  prepare: async () => undefined,
  app: () => [path.join(import.meta.dirname, 'stub-app.mjs')],
  sandbox: () => [path.join(import.meta.dirname, 'stub-sandbox.mjs')],
};
process.exit(await runStart({ argv: process.argv.slice(2), root: PROJECT_ROOT, programs }));
