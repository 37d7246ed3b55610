#!/usr/bin/env node
// `npm run build`: the whole console, with a server. `npm run build:static`, or AETHERSTACK_RENDERING=ssg as the switch of the
// rendering mode sets it at a host: the public part as files, in out/ (or AETHERSTACK_OUT_DIR), below AETHERSTACK_BASE_PATH.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { onSupportedNode, PROJECT_ROOT } from './bootstrap/node.mjs';

async function buildServer(root) {
  const { ensureBuild } = await import('./start/build.mjs');
  const { readActionsKey } = await import('./start/keys.mjs');
  const distDir = process.env.AETHERSTACK_DIST_DIR || '.next-full';
  const { server } = await ensureBuild({
    root,
    distDir,
    actionsKey: readActionsKey(root, process.env),
    log: console.log,
  });
  console.log(`The server is built: node ${path.relative(root, server)}`);
}

async function buildFiles(root) {
  const { ensureStatic } = await import('./start/build-static.mjs');
  const { AETHERSTACK_OUT_DIR: out = 'out', AETHERSTACK_BASE_PATH: basePath = '' } = process.env;
  const { folder } = await ensureStatic({ root, out, basePath, log: console.log });
  console.log(
    `The public part is in ${path.relative(root, folder)}: any file server can serve it${basePath && ` as ${basePath}`}`,
  );
}

await onSupportedNode(fileURLToPath(import.meta.url), async () => {
  try {
    const asFiles = process.argv.includes('--static') || process.env.AETHERSTACK_RENDERING === 'ssg';
    await (asFiles ? buildFiles : buildServer)(PROJECT_ROOT);
  } catch (error) {
    console.error(`\n${error.message}\n`);
    process.exitCode = 1;
  }
});
