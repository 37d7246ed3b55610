import path from 'node:path';
import { runToEnd } from '../bootstrap/run.mjs';
import { reportFile, vitestCounts } from '../testing/reports.mjs';
import { ensureClients } from './install.mjs';

/** @param {{ root: string, say: (line: string) => void }} context */
export async function runClients({ root, say }) {
  const { codeServer, ovsx, vsce, s3 } = await ensureClients({ root, say });
  const report = reportFile(root, 'clients.json');
  const vitest = path.join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const config = path.join(root, 'scripts', 'clients', 'vitest.config.ts');
  const args = [vitest, 'run', '--config', config, '--reporter=verbose', '--reporter=json'];
  const env = {
    ...process.env,
    CI: '1',
    NO_COLOR: '1',
    CLIENT_CODE_SERVER: codeServer,
    CLIENT_OVSX: ovsx,
    CLIENT_VSCE: vsce,
    CLIENT_S3: s3,
  };
  delete env.FORCE_COLOR;
  const onOutput = (text) => process.stdout.write(text);
  const result = await runToEnd(process.execPath, [...args, `--outputFile.json=${report}`], {
    cwd: root,
    onOutput,
    env,
  });
  return vitestCounts(report, root, result.status);
}
