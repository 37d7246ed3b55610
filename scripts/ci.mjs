// What .ci/run runs: all of `npm test`, then the real clients. The last line sums both: "N passed, N failed".
import { fileURLToPath } from 'node:url';
import { onSupportedNode, PROJECT_ROOT } from './bootstrap/node.mjs';

await onSupportedNode(fileURLToPath(import.meta.url), async () => {
  const { ensureDependencies } = await import('./bootstrap/dependencies.mjs');
  const { ensureClients } = await import('./clients/install.mjs');
  const { runTests } = await import('./testing/run-tests.mjs');
  const root = PROJECT_ROOT;
  // The stages import what this installs; where it fails, the run below says so.
  const installed = await ensureDependencies({ root, log: console.log }).catch(() => null);
  const stages =
    installed === null
      ? []
      : [
          ...(await import('./testing/stages.mjs')).STAGES,
          ['clients', (await import('./clients/stage.mjs')).runClients, ensureClients],
        ];
  process.exit(await runTests({ argv: [], root, stages }));
});
