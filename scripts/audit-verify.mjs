// `npm run audit:verify -- --database <url> --key-file <file> [--anchor <file>] [--json]`: proves the audit log from outside the
// console. Parses on Node 18.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ensureDependencies } from './bootstrap/dependencies.mjs';
import { onSupportedNode, PROJECT_ROOT } from './bootstrap/node.mjs';

await onSupportedNode(fileURLToPath(import.meta.url), async () => {
  await ensureDependencies({ root: PROJECT_ROOT, log: (line) => console.error(line) });
  const args = ['--conditions=react-server', '--import', 'tsx', 'scripts/audit/verify.ts', ...process.argv.slice(2)];
  const env = { ...process.env, AUDIT_VERIFY_FROM: process.env.INIT_CWD ?? process.cwd() };
  const child = spawn(process.execPath, args, { cwd: PROJECT_ROOT, stdio: 'inherit', env });
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.on(signal, () => child.kill(signal));
  }
  child.on('exit', (code, signal) => process.exit(signal ? 2 : (code ?? 2)));
});
