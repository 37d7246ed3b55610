#!/usr/bin/env node
// `npx aetherstack …`: the command line. Plain TypeScript on Node's own type stripping; needs no installed package.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { onSupportedNode } from './bootstrap/node.mjs';

const script = fileURLToPath(import.meta.url);

await onSupportedNode(script, async () => {
  // The agent of a server of one's own is a program apart, which speaks to no console.
  if (process.argv[2] === 'agent') return (await import('./agent/aetherstack-agent.mjs')).main(process.argv.slice(3));
  if (process.features.typescript) {
    const { main } = await import('../lib/cli/main.ts');
    process.exit(await main(process.argv.slice(2)));
  }
  // Node 22.12 to 22.17 strips types only when it is told to.
  const flags = ['--experimental-strip-types', '--disable-warning=ExperimentalWarning'];
  const child = spawn(process.execPath, [...flags, script, ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.on(signal, () => child.kill(signal));
  }
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)));
});
