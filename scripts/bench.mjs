// `npm run bench`: figures beside a reference of the same run; never a test. Parses on Node 18.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ensureDependencies } from './bootstrap/dependencies.mjs';
import { onSupportedNode, PROJECT_ROOT } from './bootstrap/node.mjs';

await onSupportedNode(fileURLToPath(import.meta.url), async () => {
  await ensureDependencies({ root: PROJECT_ROOT, log: (line) => console.log(line) });
  const asked = process.argv.slice(2);
  // A browser and the export; the others need a database.
  const script = asked[0] === 'status' ? 'bench/status-page.ts' : 'bench/run.ts';
  const args = ['--conditions=react-server', '--import', 'tsx', script, ...asked];
  const child = spawn(process.execPath, args, { cwd: PROJECT_ROOT, stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.on(signal, () => child.kill(signal));
  }
  child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
});
