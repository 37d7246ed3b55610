// `npm run test:clients`: the private gallery, with the clients that people use: code-server, ovsx and vsce. It brings them
// into .cache/clients by itself. The last line is "N passed, N failed".
import { fileURLToPath } from 'node:url';
import { onSupportedNode, PROJECT_ROOT } from './bootstrap/node.mjs';

await onSupportedNode(fileURLToPath(import.meta.url), async () => {
  const { runTests } = await import('./testing/run-tests.mjs');
  const { runClients } = await import('./clients/stage.mjs');
  const stages = [['clients', runClients]];
  process.exit(await runTests({ argv: ['--only', 'clients'], root: PROJECT_ROOT, stages }));
});
